import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { palette } from './look.js';

const require = createRequire(import.meta.url);

/** Be Vietnam Pro from our own address, in the weights the screens use; the package's own unicode ranges are kept. */
export const fontFaces = (): string =>
  [400, 500, 600, 700]
    .map((weight) => readFileSync(require.resolve(`@fontsource/be-vietnam-pro/${weight}.css`), 'utf8'))
    .join('\n')
    .replace(/url\(\.\/files\/([\w-]+\.woff2)\) format\('woff2'\), url\([^)]*\) format\('woff'\)/g, "url(/admin/static/$1) format('woff2')");

/** A bell over a check mark: own drawing. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="${palette.accent}"/><path d="M24 9a2 2 0 0 1 2 2v1.2A10 10 0 0 1 34 22v7l3 4H11l3-4v-7a10 10 0 0 1 8-9.8V11a2 2 0 0 1 2-2z" fill="#fff"/><path d="M19.5 23.5l3.4 3.4 6-6.4" fill="none" stroke="${palette.accent}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/><path d="M20 35h8a4 4 0 0 1-8 0z" fill="#fff"/></svg>`;

const variables = Object.entries(palette).map(([name, colour]) => `--${name}:${colour}`).join(';');

/** The style sheet of every screen. Classes begin with nv-; AdminJS's own parts are touched at the end only. */
export const styles = `
:root{${variables};--soft:#eef3f9;--field:#8393a3;color-scheme:light}
*,*::before,*::after{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font-family:'Be Vietnam Pro',system-ui,sans-serif;font-size:15px;line-height:1.5;font-variant-numeric:tabular-nums}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
h1,h2,h3,p{margin:0}
strong,b{font-weight:600}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.nv-demo{background:#fff4d6;color:#6b4a00;border-bottom:1px solid #ecd79a;text-align:center;font-size:13px;font-weight:600;letter-spacing:.06em;padding:3px 12px;line-height:20px;height:27px}
.nv-muted{color:var(--muted)}.nv-small{font-size:13px}
.nv-card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px 20px}
.nv-card>h2{font-size:16px;font-weight:600;margin-bottom:10px}
.nv-button{display:inline-flex;align-items:center;justify-content:center;gap:6px;min-height:38px;padding:7px 16px;border:1px solid #c3cdd7;border-radius:6px;background:#fff;color:var(--ink);font:inherit;font-weight:500;cursor:pointer;white-space:nowrap}
.nv-button:hover{background:var(--soft);text-decoration:none}
.nv-button.primary{background:var(--accent);border-color:var(--accent);color:#fff}.nv-button.primary:hover{background:#094c90}
.nv-button.danger{color:var(--ink);border-color:var(--field)}
.nv-button.small{min-height:32px;padding:4px 11px;font-size:14px}
.nv-button:disabled{opacity:.55;cursor:default}
.nv-alert{background:#fdeef0;border:1px solid #efc0c7;color:#8d0d22;border-radius:6px;padding:9px 12px}
.nv-hint{color:var(--muted);font-size:13px}
.nv-files{margin:0;padding-left:18px}.nv-files li{margin-bottom:6px;overflow-wrap:anywhere}.nv-file-add{margin-top:10px}.nv-file-chosen{overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;background:var(--soft);padding:10px 12px}.nv-file-chosen .nv-button{white-space:normal}

.nv-login{min-height:100vh;display:flex;flex-direction:column}
.nv-login main{flex:1;display:flex;align-items:center;justify-content:center;padding:24px 16px}
.nv-login form{width:100%;max-width:380px;padding:28px;display:flex;flex-direction:column;gap:6px}
.nv-login h1{font-size:19px;font-weight:600;margin:14px 0 6px}
.nv-login label{font-weight:500;margin-top:8px}
.nv-login .nv-button{margin-top:18px}.nv-login .nv-hint{margin-top:12px}
.nv-brand{display:flex;gap:11px;align-items:center}.nv-brand strong{display:block;font-size:17px;line-height:1.25;color:var(--ink)}.nv-brand span{color:var(--muted);font-size:13px;line-height:1.3;display:block}

input,select,textarea{font:inherit;color:var(--ink)}
.nv-login input,.nv-input{width:100%;min-height:38px;padding:7px 10px;border:1px solid var(--field);border-radius:6px;background:#fff}
textarea.nv-input{min-height:84px;resize:vertical}
.nv-input:focus,.nv-login input:focus{border-color:var(--accent);outline:2px solid var(--accent);outline-offset:-1px}
.nv-input[aria-invalid=true]{border-color:var(--red)}

.nv-sidebar{width:236px;flex-shrink:0;background:#fff;border-right:1px solid var(--line);display:flex;flex-direction:column;overflow-y:auto;top:0;bottom:0;left:0}
.nv-sidebar a.nv-brand{display:flex;padding:15px 18px;border-bottom:1px solid var(--line)}
.nv-sidebar nav{padding:10px 10px 24px}
.nv-sidebar h2{font-size:13px;font-weight:500;color:var(--muted);padding:14px 10px 3px}
.nv-sidebar a{display:block;padding:7px 10px;border-radius:6px;color:var(--ink);line-height:1.35}
.nv-sidebar a:hover{background:var(--soft);text-decoration:none}
.nv-sidebar a[aria-current=page]{background:#e3eefa;color:#08498b;font-weight:600}
.nv-topbar{display:flex;align-items:center;gap:12px;padding:8px 24px;min-height:54px;background:#fff;border-bottom:1px solid var(--line);flex-shrink:0}
.nv-topbar .who{margin-left:auto;text-align:right;line-height:1.3;min-width:0}.nv-topbar .who span{display:block;color:var(--muted);font-size:13px}.nv-topbar .role{font-style:normal}
.nv-topbar form{margin:0}
.nv-held{background:#fdf1dd;border-bottom:1px solid #ecd79a;color:#6b4a00;padding:8px 24px;flex-shrink:0;line-height:1.5}.nv-held a{font-weight:600;text-decoration:underline;white-space:nowrap}
.nv-menu{display:none;border:0;background:none;padding:6px;cursor:pointer}
.nv-menu i{display:block;width:22px;height:2px;background:var(--ink);margin:5px 0;border-radius:2px}
.nv-app .nv-page{line-height:1.5;font-size:15px}.nv-app .nv-page dd,.nv-app .nv-page dt,.nv-app .nv-page p{line-height:1.5}
.nv-page{width:100%;max-width:1328px;padding:18px 24px 40px;margin:0 auto}
.nv-head{display:flex;flex-wrap:wrap;align-items:flex-end;gap:10px 20px;margin-bottom:14px}
.nv-head>div:first-child{flex:1 1 320px;min-width:0}
.nv-head h1{font-size:22px;font-weight:600;line-height:1.3}
.nv-crumbs{font-size:13px;color:var(--muted)}.nv-crumbs a{color:var(--muted)}
.nv-actions{display:flex;flex-wrap:wrap;gap:8px}

.nv-filters{display:flex;flex-wrap:wrap;gap:10px;align-items:flex-end;margin-bottom:12px}
.nv-filters label{display:block;font-size:13px;line-height:1.4;margin-bottom:2px;color:var(--muted)}
.nv-filters .nv-input{min-height:36px;padding:5px 9px}.nv-filters .nv-button{min-height:36px}
.nv-filters>div{flex:0 1 196px;min-width:0}.nv-filters>div.search{flex:1 1 240px;max-width:360px}
.nv-filters select.nv-input{max-width:100%}
.nv-bulk{display:flex;gap:12px;align-items:center;background:#e3eefa;border:1px solid #bcd5ef;border-radius:6px;padding:6px 12px;margin-bottom:10px}

.nv-table{width:100%;border-collapse:collapse;background:#fff}
.nv-table th{text-align:left;font-size:13px;font-weight:500;color:var(--muted);padding:8px 10px;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:bottom}
.nv-table th button{all:unset;cursor:pointer}.nv-table th button:hover{color:var(--ink)}.nv-table th button:focus-visible{outline:2px solid var(--accent)}
.nv-table td{padding:9px 10px;border-bottom:1px solid #ecf0f4;vertical-align:top}
.nv-table tbody tr:last-child td{border-bottom:0}
.nv-table tbody tr.go{cursor:pointer}.nv-table tbody tr.go:hover{background:#f8fafc}
.nv-table .num{text-align:right}
.nv-frame{background:#fff;border:1px solid var(--line);border-radius:8px;overflow-x:auto}
.nv-matter{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;padding:10px 14px;background:var(--soft);border-bottom:1px solid var(--line)}.nv-drop{display:flex;flex-wrap:wrap;gap:8px}.nv-drop .nv-button{white-space:normal;text-align:left}.nv-when{min-width:84px}
.nv-table td.act{text-align:right}
.nv-note{display:block;color:var(--muted);font-size:13px;line-height:1.4}
.nv-clamp{display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden;min-width:160px;overflow-wrap:anywhere}.nv-long{display:block;min-width:150px;overflow-wrap:anywhere}.nv-name{font-weight:600}
.nv-short{white-space:nowrap}
.nv-code{font-weight:600;white-space:nowrap}
.nv-tag{display:inline-flex;align-items:center;gap:6px;font-weight:500;white-space:nowrap}
.nv-tag i{font-style:normal;font-size:12px;line-height:1}
.nv-badge{display:inline-block;padding:1px 8px;border-radius:10px;font-size:13px;line-height:20px;background:#eef1f4;color:#3c4b59;white-space:nowrap}
.nv-badge.good{background:#e2f3ea;color:#126038}.nv-badge.bad{background:#fde8eb;color:#a30f27}.nv-badge.warn{background:#fdf1dd;color:#7d4a00}.nv-badge.plain{background:#e3eefa;color:#08498b}
.nv-percent{display:flex;align-items:center;gap:8px;min-width:96px}.nv-percent svg{flex:1;height:8px;max-width:70px}.nv-percent span{min-width:38px}
.nv-pager{display:flex;gap:8px;align-items:center;padding:10px 2px;flex-wrap:wrap}
.nv-empty{padding:36px 16px;text-align:center;color:var(--muted)}

.nv-grid{display:grid;grid-template-columns:minmax(0,2fr) minmax(280px,1fr);gap:16px;align-items:start}
.nv-stack{display:flex;flex-direction:column;gap:16px;min-width:0}
.nv-facts{display:grid;grid-template-columns:170px minmax(0,1fr);gap:7px 16px;margin:0}
.nv-facts dt{color:var(--muted)}.nv-facts dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.nv-lead{font-size:17px;line-height:1.5;margin-bottom:12px;overflow-wrap:anywhere}
.nv-timeline{list-style:none;margin:0;padding:0}
.nv-timeline>li{position:relative;padding:0 0 14px 22px}
.nv-timeline>li::before{content:'';position:absolute;left:3px;top:7px;width:9px;height:9px;border-radius:50%;background:var(--accent)}
.nv-timeline>li.warn::before{background:var(--amber);border-radius:0}
.nv-timeline>li.good::before{background:var(--green)}
.nv-timeline>li::after{content:'';position:absolute;left:7px;top:18px;bottom:-6px;width:1px;background:var(--line)}
.nv-timeline>li:last-child::after{display:none}
.nv-timeline time{color:var(--muted);font-size:13px;display:block}

.nv-form{max-width:860px}
.nv-fields{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:14px 16px}
.nv-field{grid-column:span 6;min-width:0}.nv-field.half{grid-column:span 3}.nv-field.third{grid-column:span 2}
.nv-field>label,.nv-field>.label{display:block;font-weight:500;margin-bottom:3px}
.nv-field .star{color:var(--accent);margin-left:3px}
.nv-field .error{color:#a30f27;font-size:13px;margin-top:3px}
.nv-field .nv-hint{margin-top:3px}
.nv-field>label.nv-check,.nv-check{display:flex;font-weight:400;margin:0;gap:9px;align-items:center;min-height:38px}.nv-check input{width:18px;height:18px;accent-color:var(--accent)}
.nv-day{display:flex;gap:6px;position:relative}.nv-day>input[type=date]{position:absolute;right:0;bottom:0;width:1px;height:1px;opacity:0;pointer-events:none;border:0;padding:0}.nv-day .nv-button{padding:7px 11px}
.nv-ask{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:center;background:#fdf1dd;border:1px solid #ecd79a;border-radius:6px;padding:10px 14px;margin-top:16px}
.nv-refusal{margin-top:16px}.nv-submit{display:flex;gap:10px;margin-top:20px;align-items:center;flex-wrap:wrap}
fieldset.nv-card{margin:16px 0 0}fieldset.nv-card legend{font-weight:600;padding:0 6px}
.nv-picks{list-style:none;margin:0 0 6px;padding:4px;border:1px solid var(--line);border-radius:6px}.nv-picks button{display:block;width:100%;text-align:left;border:0;background:none;font:inherit;color:inherit;padding:5px 8px;border-radius:5px;cursor:pointer}.nv-picks button:hover{background:var(--soft)}
.nv-picker{border:1px solid var(--field);border-radius:6px;background:#fff}
.nv-picker .nv-input{border:0;border-bottom:1px solid var(--line);border-radius:6px 6px 0 0}
.nv-picker ul{list-style:none;margin:0;padding:4px;max-height:236px;overflow-y:auto}
.nv-picker li label{display:flex;gap:10px;align-items:flex-start;padding:5px 8px;border-radius:5px;cursor:pointer}.nv-picker li label:hover{background:var(--soft)}
.nv-picker input[type=checkbox]{width:17px;height:17px;margin-top:3px;accent-color:var(--accent);flex-shrink:0}
.nv-chips{display:flex;flex-wrap:wrap;gap:6px;padding:8px;border-top:1px solid var(--line)}
.nv-chip{display:inline-flex;gap:6px;align-items:center;background:#e3eefa;color:#08498b;border:0;border-radius:12px;padding:2px 10px;font:inherit;font-size:13px;cursor:pointer}

.nv-tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:12px;margin-bottom:16px}
.nv-tile{display:block;background:#fff;border:1px solid var(--line);border-radius:8px;padding:12px 16px;color:var(--ink)}
.nv-tile:hover{border-color:#b9c6d3;text-decoration:none}
.nv-tile b{display:block;font-size:26px;line-height:1.2;font-weight:600}.nv-tile span{color:var(--muted)}
.nv-bars a{display:grid;grid-template-columns:148px minmax(0,1fr);gap:10px;align-items:center;padding:4px 0;color:var(--ink)}.nv-bars>a>span:last-child{display:flex;align-items:center;gap:8px}.nv-bars svg{display:block;flex:none}.nv-bars a:hover rect{opacity:.85}
.nv-key{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;font-weight:500;margin-bottom:6px}.nv-key i{font-style:normal}
.nv-bars.nv-agencies a{grid-template-columns:minmax(140px,240px) minmax(0,1fr)}.nv-bars.nv-agencies .nv-split{display:flex;gap:2px;min-width:26px}.nv-split svg{flex-basis:22px;flex-shrink:1;min-width:18px;border-radius:2px}
.nv-row-actions{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px}.nv-row-form{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px;align-items:center}.nv-row-form .nv-input{min-height:32px;padding:3px 8px;width:auto;flex:1 1 120px}
.nv-told{list-style:none;margin:4px 0 0;padding:0;font-size:14px}.nv-points{list-style:disc;margin:0 0 14px;padding-left:20px}
.nv-list{list-style:none;margin:0;padding:0}.nv-list li{padding:9px 0;border-top:1px solid #ecf0f4}.nv-list li:first-child{border-top:0;padding-top:0}
.nv-channels{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;align-items:start}
.nv-channels h2{display:flex;gap:10px;align-items:center;justify-content:space-between}.nv-channels .nv-facts{grid-template-columns:136px minmax(0,1fr)}
.nv-channels code{display:inline-block;font-family:ui-monospace,monospace;font-size:13px;background:var(--soft);border-radius:4px;padding:0 6px;margin:0 6px 4px 0;overflow-wrap:anywhere}
.nv-channel-problem{border-left:3px solid var(--amber);padding:2px 0 2px 10px;margin-bottom:10px}
.nv-sms{white-space:pre-wrap;overflow-wrap:anywhere;font-family:ui-monospace,monospace;font-size:13px;background:var(--soft);border-radius:6px;padding:8px 12px;margin:6px 0 0}
.nv-told.bad{color:#a30f27}.nv-told.warn{color:#7d4a00}
.nv-steps{margin-top:12px;border-top:1px solid #ecf0f4;padding-top:8px}.nv-steps summary{cursor:pointer;color:var(--accent);min-height:28px}.nv-steps ol{margin:6px 0 0;padding-left:22px;list-style:decimal}.nv-steps li{margin-bottom:6px;overflow-wrap:anywhere}
.nv-secret{font-size:26px;letter-spacing:.14em;font-weight:700;font-family:ui-monospace,monospace;background:var(--soft);border:1px dashed #9db9d6;border-radius:6px;padding:8px 14px;display:inline-block;margin:6px 0}
.nv-notices{display:flex;flex-direction:column;gap:6px;flex:0 1 760px;min-width:0}.nv-notices:empty{display:none}
.nv-notice{display:flex;gap:12px;align-items:center;line-height:1.4;background:#fff;border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:6px;padding:1px 12px}
.nv-notice.success{border-left-color:var(--green)}.nv-notice.error{border-left-color:var(--red)}
.nv-notice button{border:0;background:none;cursor:pointer;color:var(--muted);font:inherit;font-size:18px;line-height:1;padding:4px 6px;margin-right:-4px;border-radius:4px}

.nv-app,.nv-app #app,.nv-app #app *{font-family:'Be Vietnam Pro',system-ui,sans-serif}
.nv-app #app{height:100vh;font-size:15px;line-height:1.5}
.nv-app b,.nv-app strong{font-weight:600}.nv-app td,.nv-app th,.nv-app button,.nv-app input,.nv-app select,.nv-app textarea,.nv-app li{line-height:1.45}
.nv-with-banner #app{height:calc(100vh - 27px)}
.nv-app [data-css=app-content]{background:var(--ground)!important;min-width:0}
@media (max-width:1024px){
.nv-menu{display:block}
.nv-sidebar{position:fixed;z-index:60;left:-260px;visibility:hidden;transition:left .2s,visibility .2s}.nv-sidebar.visible{left:0;visibility:visible;box-shadow:0 0 30px rgba(27,39,51,.25)}
.nv-grid,.nv-channels{grid-template-columns:minmax(0,1fr)}
}
@media (max-width:720px){
.nv-page{padding:14px 14px 32px}.nv-topbar{padding:6px 14px}.nv-held{padding:8px 14px}
.nv-tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
.nv-facts,.nv-channels .nv-facts{grid-template-columns:minmax(0,1fr);gap:0}.nv-facts dd{margin-bottom:9px}
.nv-field.half,.nv-field.third{grid-column:span 6}
.nv-filters>div,.nv-filters>div.search{flex:1 1 44%;max-width:none}.nv-filters>div.search{flex-basis:100%}
.nv-cards thead{display:none}
.nv-cards tr{display:block;position:relative;padding:10px 14px;border-bottom:1px solid var(--line)}.nv-cards tbody tr:last-child{border-bottom:0}
.nv-cards td{display:flex;gap:10px;border:0;padding:2px 0}.nv-cards td>*{min-width:0;overflow-wrap:anywhere}.nv-cards td:empty,.nv-cards td.blank{display:none}
.nv-cards td::before{content:attr(data-label);color:var(--muted);font-size:13px;flex:0 0 104px;padding-top:2px}
.nv-cards td.first::before,.nv-cards td.pick::before{display:none}
.nv-cards td.pick{position:absolute;right:14px;top:12px}.nv-cards td.pick input{width:20px;height:20px}
.nv-cards td.first{font-size:16px;justify-content:space-between}.nv-cards td.act::before{display:none}.nv-cards td.act{padding-top:6px}
.nv-card{padding:14px}
.nv-topbar .role{display:none}.nv-topbar .who{flex:1 1 0}.nv-topbar .who>a{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.nv-filters>div:has(.nv-day){flex-basis:100%}
.nv-topbar{flex-wrap:wrap}.nv-notices{order:9;flex-basis:100%}
}
@media (prefers-reduced-motion:reduce){.nv-sidebar{transition:none}}
@media print{.nv-sidebar,.nv-topbar,.nv-filters,.nv-actions{display:none}.nv-page{padding:0}.nv-app #app,.nv-app [data-css=app-content]{height:auto;overflow:visible}}
`;
