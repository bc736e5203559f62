import type { ResourceJSON } from 'adminjs';
import type { ReactNode } from 'react';

/** What an empty list means and what to do next; where nothing is said here, there is simply nothing yet. */
const words: Readonly<Record<string, ReactNode>> = {
  Task: 'Chưa có nhiệm vụ nào. Nhiệm vụ được ghi cùng văn bản chỉ đạo, bằng nút “Giao nhiệm vụ”.',
  Directive: 'Chưa có văn bản nào. Bấm “Giao nhiệm vụ” để ghi văn bản cùng các nhiệm vụ.',
  Meeting: 'Chưa có cuộc họp nào.',
  Delivery: 'Chưa có tin nào. Tin được lập khi giao việc, nhắc việc, triệu tập họp.',
  Inbound: 'Không có tin nào bị treo: mọi tin nhận được đã xử lý xong.',
  ZbsTemplate: 'Chưa có mẫu tin nào. Kênh ZBS chỉ gửi theo mẫu đã được Zalo duyệt; SMS có thể cần mẫu đã đăng ký.',
  Agency: 'Chưa có cơ quan nào. Thêm cơ quan trước, rồi thêm cán bộ của cơ quan.',
  Person: 'Chưa có cán bộ nào. Thêm cán bộ, sau đó bấm “Cấp mã liên kết” để liên kết Zalo, Telegram.',
  CalendarDay: 'Chưa có ngày nghỉ, ngày làm bù nào; thứ Bảy, Chủ nhật là ngày nghỉ.',
};

/** In place of a table without rows. */
export function Empty({ resource, filtered, onClear }: { resource: ResourceJSON; filtered: boolean; onClear: () => void }) {
  if (!filtered) return <>{words[resource.id] ?? 'Chưa có dữ liệu.'}</>;
  return (
    <>
      <p style={{ marginBottom: 12 }}>Không có dòng nào đúng với điều kiện đang lọc.</p>
      <button type="button" className="nv-button" onClick={onClear}>Bỏ lọc, xem tất cả</button>
    </>
  );
}
