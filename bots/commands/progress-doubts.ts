/** Words that make a number beside them no measure of what has been done. All take folded text; being wrong here costs one question. */

const alone = (pattern: string, flags = 'u'): RegExp => new RegExp(String.raw`(?<![\p{L}\d])(?:${pattern})(?![\p{L}\d])`, flags);

/** A condition, a question, a correction: anywhere in the words. */
const OPEN = new RegExp(String.raw`\?|${alone('neu|gia ma|tru khi|bao gio|khi nao|lam sao|sao lai|ai (?:bao|noi|ghi)|dinh chinh|dua thoi|noi dua|khong phai|chu khong|khong dung|la sai|sai roi|a khong').source}|${alone('(?<!sau )khi (?:co|du|duoc|nao|xong)').source}`, 'u');
/** Not reached, not yet, aimed at, of another time or of something else: in the clause before a percent. */
const NOT_NOW = alone(
  'nham|khong|ko|kg|chang|chua|kho|se|sap|du kien|phan dau|co gang|ke hoach|muc tieu|chi tieu|yeu cau|phai|can|mai|ngay mai|(?:tuan|thang|nam|quy|ky) (?:sau|toi)|(?:cuoi|het|dau|sang) (?:thang|nam|quy|tuan)|sang nam|thang \\d+|quy (?:\\d|[ivx]+)|den (?:ngay )?\\d+[/.-]\\d+|hom qua|hom truoc|(?:tuan|thang|ky|nam|lan|quy) truoc|nam ngoai|cung ky|truoc(?: day)?(?: la)?$|cham|tre|vuot|thieu|hut|thieu hut|giam|tang|tiet kiem|hao hut|that thoat|ty le|ti le|do che phu|do am|ngheo|giai ngan|tam ung|da ung|dat coc|thanh toan|dong thuan|dong tinh|tin nhiem|vat|ghi nhan|cong van|van ban',
);
/** Of a part only. */
const PART = /^\s*(?:rieng )?(?:xa|phuong|phan|khau|buoc|giai doan|hang muc|goi thau|dot|so|phong|don vi)(?!\p{L})/u;
/** Right behind a percent: what is left, or what was counted. */
const LEFT = /^\s*(?:con (?:lai|phai|thieu|no)|nua|(?:khoi luong|phan|cong viec|so ho) con|ho(?! tro)|ho so|so|nguoi|dan|can bo|don vi|xa|phuong|von|kinh phi|vat|thue|gtgt|phi|du phong|tang|giam|loi|sai|tre|cham|dau|hay|hoac|chu)(?!\p{L})/u;
const CORRECTS = /^[\s,;.:-]*(?:a[ ,]+)?(?:nham|sai|gi do|gi day|hay sao|thi phai)(?!\p{L})/u;
const NOT_YET = /^\s*(?:thi )?(?:chua|khong|ko)(?!\p{L})/u;
/** With its sign 100 % is believed more readily. */
const NOT_HUNDRED = new RegExp(String.raw`^\s*(?:${'phan|khau|buoc|giai doan|hang muc'})(?!\p{L})|${alone('chua|khong|tru|se|sap|du kien|con (?:lai|phai|thieu|cho|vuong|no)').source}`, 'u');
const NOT_ALL = alone(
  'nham|chua|con(?! (?:nguoi|em|duong|song))|tru|nhung|mot phan|khong|ko|chang|se|sap|gan|nua|1/2|\\d+/\\d+|hau het|co ban|so bo|du kien|doi|cho (?:ky|duyet|y kien|tham dinh|ket qua|phan hoi|nghiem thu)|trinh(?: ky| duyet)?|buoc \\d+|phan \\d+|giai doan \\d+|khau|lan \\d+|dang|mai|tuan sau|thang (?:sau|toi|\\d+)|quy (?:\\d|[ivx]+)|gia han|lui han|xin them|hong|kho|phai|tre',
);

/** "tiêm phòng đạt 90%", "mưa 90%": a clause of its own subject in which nothing is said to be done. */
const DONE_IN = alone('da|dang|vua|moi|xong|hoan thanh|hoan tat|lam duoc|thuc hien|trien khai|xu ly|phoi hop');
const OF_THE_TASK = new RegExp(String.raw`^(?:(?:${'den|nay|gio|hien|tinh|toi|em|chung toi|ben em|don vi|co quan|tong|chung|bao cao|cap nhat|tien do|khoi luong|cong viec|nhiem vu|viec|ket qua|thuc hien|la|uoc|dat|duoc|so lieu|nang len|len|ca|toan bo|da|thoi diem|ngay|vang|thua|xin'})(?:[\s=:-]+|$))*$`, 'u');

/** "không thể đạt 100%", "tuần sau đạt 50%", "giải ngân 45%", "giai đoạn 1: 100%": judged by the last clause before the percent. */
export const deniesBefore = (before: string): boolean => {
  const clause = (before.replace(/:\s*$/u, ' ').split(/[,;\n]|\.(?!\d)/u).at(-1) ?? '').replace(/^\s+/u, '');
  return OPEN.test(before) || NOT_NOW.test(clause.trimEnd()) || PART.test(clause) || !(DONE_IN.test(clause) || OF_THE_TASK.test(clause.trim()));
};

/** "30% còn lại", "100% chưa", "50% à nhầm 60%"; `behind` with the signs between. */
export function deniesBehind(behind: string, percent: number): boolean {
  if (OPEN.test(behind) || LEFT.test(behind) || CORRECTS.test(behind)) return true;
  return percent === 100 ? NOT_HUNDRED.test(behind) : percent > 0 && NOT_YET.test(behind);
}

/** "Xong" with a part, a time to come or a correction behind it. `colon`: "Hoàn thành: khảo sát" names what is done. */
export const notAllDone = (behind: string, colon: boolean): boolean => colon || OPEN.test(behind) || NOT_ALL.test(behind);

/** A number without its sign that heads a list, counts, or is the task itself: "1. Đã họp", "2 đã xong, 1 chưa", "12 xong" on NV-12. */
export const listOrCount = (behind: string, number: number): boolean =>
  (number < 10 && /^\s*[,;:]\s*\p{L}|^\s-\s*\p{L}|^\s+noi dung(?!\p{L})/u.test(behind)) || /^\s*[,;]\s*(?:con|thieu|cho) \d/u.test(behind) || /^\s*[.)]\s|^\s*(?:[,;:]|\s-)\s*\d/u.test(behind) || /\n\s*\d{1,2}\s*[.)/:-]/u.test(behind) || OPEN.test(behind) ||
  number !== 100 && (/^[\s,;:.-]*(?:(?:da|se|chua|roi) )?(?:xong|hoan thanh|hoan tat|nop|gui|trinh|ky|xin|hen|chua|dat|moi|vua|roi|duyet)(?!\p{L})|^\s+(?:hom|theo|hop|lam|cho|tiep nhan|vi (?:chua|con|khong))(?!\p{L})/u.test(behind) || /^[\s,;:.-]*(?:da|se) (?:gui|nop|trinh|ky|duyet|nhan|di doi|so tan|hoan)(?!\p{L})/u.test(behind));

const FIRST = '(?:(?:da|vang|thua|xin loi|xin|toi|em|minh|chung toi|don vi|co quan|so|phong|ubnd xa|viec nay|nhiem vu nay|dong chi|anh|chi)[ ,]+)*';
/** A refusal, or a wish that somebody else do it: no work has begun. */
const REFUSES = new RegExp(String.raw`^${FIRST}(?:tu choi|(?:khong|ko|chua) (?:the )?(?:nhan|tiep nhan|dong y)(?!\p{L})(?! duoc)|(?:khong|ko) (?:phai|thuoc) (?:la )?(?:cua|viec|nhiem vu|tham quyen|trach nhiem|chuc nang|linh vuc|don vi|so|xa|dia ban)|(?:de nghi |xin )?(?<!da )chuyen (?:cho |sang |tra )?(?:so|ubnd|phong|xa|phuong|don vi|co quan|van phong)(?!\p{L})|(?:giao|gui|phan cong|chuyen) (?:nham|sai|khong dung))`, 'u');
/** Taken back, put off, a label of ours, or nothing at all. */
const SAYS_NOTHING = new RegExp(String.raw`^${FIRST}(?:(?:toi |em )?(?:go|bam|gui|nhan|an) (?:nham|sai)|nham(?: roi)?|huy(?: bo)?|thoi|bo qua|khong|co|dong y|nhat tri|da xem|test|thu|cap nhat|chi tiet|tien do|de sau|lat (?:nua )?(?:bao|gui)|mai (?:bao|gui)|da nhan luong)[\s.!]*(?:a|nhe|nha|anh|chi)?[\s.!]*$`, 'u');

/** Words without a percent that are no report, though one was asked for: they would begin the task in somebody's name. */
export const isNoReport = (folded: string): boolean => REFUSES.test(folded) || SAYS_NOTHING.test(folded);
