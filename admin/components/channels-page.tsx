import { useNotice } from 'adminjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { press, type Answer } from './api.js';
import { PressButton } from './buttons.js';
import { StandingBox } from './standing.js';
import { Badge, Facts, Head, useLoaded, Waiting } from './parts.js';

interface Told {
  words: string;
  tone: string;
}

interface ChannelLine {
  channel: string;
  name: string;
  missing: string[];
  state: string;
  tone: string;
  problem: string | null;
  grant: Told | null;
  rest: string | null;
  lastError: { at: string; words: string } | null;
  quotas: { label: string; left: number; total: number | null; unit?: string }[];
  today: { sent: number; delivered: number; seen: number; failed: number };
  test: Told | null;
  cost: string | null;
  setup: { office: string[]; server: string[] };
}

interface Channels {
  may: { act: boolean };
  self: { linked: boolean; accountUrl: string | null };
  consent: { missing: string[]; redirectUri: string };
  channels: ChannelLine[];
}

/** "Kênh": how each way out of the house is doing, and how to open one. */
export function ChannelsPage() {
  const { data, problem, reload } = useLoaded<Channels>('/admin/api/office/channels');
  return (
    <main className="nv-page">
      <Head title="Kênh liên lạc">
        <button type="button" className="nv-button" onClick={reload}>Tải lại</button>
        <Link className="nv-button" to="/admin/pages/sms-preview">Xem trước SMS</Link>
        <Link className="nv-button" to="/admin/resources/ZbsTemplate">Mẫu tin</Link>
      </Head>
      <StandingBox />
      {data && data.channels.some(({ missing }) => missing.length === 0) ? <NoTest page={data} /> : null}
      {data ? (
        <div className="nv-channels">
          {data.channels.map((line) => (
            <Channel key={line.channel} line={line} page={data} reload={reload} />
          ))}
        </div>
      ) : (
        <Waiting problem={problem} />
      )}
    </main>
  );
}

function Channel({ line, page, reload }: { line: ChannelLine; page: Channels; reload: () => void }) {
  const isOpen = line.missing.length === 0;
  return (
    <section className="nv-card" data-channel={line.channel}>
      <h2>
        {line.name} <Badge tone={line.tone}>{line.state}</Badge>
      </h2>
      {line.problem ? <p className="nv-channel-problem">{line.problem}</p> : null}
      <Facts
        rows={[
          ['Còn thiếu', isOpen ? '' : `${line.missing.length} mục cấu hình trên máy chủ (xem "Dành cho quản trị máy chủ")`],
          ['Cấp quyền', line.grant ? <ToldLine told={line.grant} /> : ''],
          ['Tạm nghỉ', line.rest ?? ''],
          ['Hôm nay', isOpen || line.today.sent > 0 ? <TodayLine today={line.today} /> : ''],
          ['Chi phí hôm nay', line.cost ?? ''],
          ['Hạn mức còn lại', line.quotas.length > 0 ? line.quotas.map((quota) => <QuotaLine key={quota.label} quota={quota} />) : ''],
          ['Lỗi gần nhất', line.lastError ? `${line.lastError.at}: ${line.lastError.words}` : isOpen ? 'Không có trong 24 giờ qua' : ''],
          ['Gửi thử gần nhất', line.test ? <ToldLine told={line.test} /> : ''],
        ]}
      />
      <Buttons line={line} page={page} reload={reload} />
      <Steps title="Các bước thiết lập" steps={line.setup.office} />
      <details className="nv-steps">
        <summary>Dành cho quản trị máy chủ</summary>
        {isOpen ? null : <p style={{ marginTop: 6 }}>Chưa đặt: {line.missing.map((name) => <code key={name}>{name}</code>)}</p>}
        <StepList steps={line.setup.server} />
      </details>
    </section>
  );
}

function Steps({ title, steps }: { title: string; steps: string[] }) {
  return (
    <details className="nv-steps">
      <summary>{title}</summary>
      <StepList steps={steps} />
    </details>
  );
}

const StepList = ({ steps }: { steps: string[] }) => (
  <ol>
    {steps.map((step) => (
      <li key={step}>{step}</li>
    ))}
  </ol>
);

const ToldLine = ({ told }: { told: Told }) => (told.tone === 'good' ? <>{told.words}</> : <span className={`nv-told ${told.tone}`}>{told.words}</span>);

const number = (n: number): string => n.toLocaleString('vi-VN');

const TodayLine = ({ today }: { today: ChannelLine['today'] }) => (
  <>
    Đã gửi <strong>{number(today.sent)}</strong> · đến máy <strong>{number(today.delivered)}</strong> · đã xem <strong>{number(today.seen)}</strong> · không gửi được <strong>{number(today.failed)}</strong>
  </>
);

const QuotaLine = ({ quota }: { quota: ChannelLine['quotas'][number] }) => (
  <div>
    {quota.label}: {quota.total === null ? '' : 'còn '}<strong>{number(quota.left)}</strong>{quota.total === null ? '' : ` trên ${number(quota.total)}`} {quota.unit ?? ''}
  </div>
);

function Buttons({ line, page, reload }: { line: ChannelLine; page: Channels; reload: () => void }) {
  const shown = line.missing.length === 0;
  if (!shown && (line.channel !== 'zalo' || !page.may.act)) return null;
  const mayTest = page.may.act && page.self.linked;
  return (
    <div className="nv-submit" style={{ marginTop: 12 }}>
      {/* The result is there a moment later: the outbox sends it. */}
      {shown && !mayTest ? <button type="button" className="nv-button" disabled aria-describedby="no-test">Gửi thử</button> : null}
      {shown && mayTest ? <PressButton className="nv-button" url={`/admin/api/office/channels/${line.channel}/test`} words="Gửi thử" onDone={() => void setTimeout(reload, 2500)} /> : null}
      {line.channel === 'zalo' && page.may.act ? <ConsentButton missing={page.consent.missing} words={line.grant?.words.startsWith('Chưa') || !line.grant ? 'Cấp quyền' : 'Cấp quyền lại'} /> : null}
    </div>
  );
}

/** Why no test can be sent from here: a test goes to the own chat, and this account is nobody's, or may not. Nothing where it can. */
function NoTest({ page: { may, self } }: { page: Channels }) {
  if (may.act && self.linked) return null;
  return (
    <p id="no-test" className="nv-hint" style={{ marginBottom: 12 }}>
      {may.act ? 'Chưa gửi thử được: tin gửi thử đến chính đồng chí, nhưng tài khoản đang dùng chưa gắn với cán bộ nào.' : 'Chỉ quản trị hệ thống gửi thử được.'}{' '}
      {may.act && self.accountUrl ? <Link to={self.accountUrl}>Chọn cán bộ cho tài khoản này</Link> : null}
    </p>
  );
}

/** Leads to Zalo's permission page, as an administrator of the OA. */
function ConsentButton({ missing, words }: { missing: string[]; words: string }) {
  const addNotice = useNotice();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    const answer = (await press('/admin/api/office/zalo-consent', {})) as Answer & { url?: string };
    if (answer.url) return window.location.assign(answer.url);
    setBusy(false);
    if (answer.notice) addNotice(answer.notice);
  };
  if (missing.length > 0) return <span className="nv-hint">Chưa cấp quyền được: quản trị máy chủ cần ghi thêm cấu hình (xem "Dành cho quản trị máy chủ").</span>;
  return (
    <button type="button" className="nv-button" disabled={busy} onClick={() => void go()}>
      {busy ? 'Đang mở Zalo…' : words}
    </button>
  );
}
