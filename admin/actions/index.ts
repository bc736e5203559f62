import type { Action, ActionResponse } from 'adminjs';
import type { Ctx } from '../../src/context.js';
import { openStages } from '../../src/directives/task.model.js';
import { can, type Action as PolicyAction, type Row } from '../../src/people/policy.js';
import { currentUser } from '../current.js';
import { addAgencyAction, changeAgencyAction } from './agency-actions.js';
import { changeAccountAction, changePersonAction, deactivatePersonAction, disableAccountAction, enableAccountAction, reactivatePersonAction, resetPasswordAction } from './change-people-actions.js';
import { retryInboundAction } from './inbox-actions.js';
import { callMeetingAction, cancelMeetingAction, changePeopleAction, phoneConfirmAction, postponeMeetingAction, remindAttendeeAction } from './meeting-actions.js';
import { addAccountAction, addPersonAction, linkCodeAction, removeDayAction, setDayAction } from './people-actions.js';
import { confirmPhoneAction, disownPhoneAction, sendPhoneCodeAction } from './phone-actions.js';
import { acknowledgeAction, addTaskAction, assignAction, confirmAction, moveDeadlineAction, remindAction, remindManyAction, reportAction, returnAction } from './task-actions.js';
import { addTemplateAction, changeTemplateAction, switchTemplateAction } from './template-actions.js';

export type NamedActions = Record<string, Partial<Action<ActionResponse>>>;
type Handler = NonNullable<Action<ActionResponse>['handler']>;
type RecordRule = (params: Record<string, unknown>) => boolean;

interface ButtonOptions {
  when?: RecordRule;
  primary?: boolean;
  danger?: boolean;
  direct?: boolean;
  /** What the policy looks at, for deeds allowed on some rows only; the use case looks again. */
  row?: (params: Record<string, unknown>) => Row;
}

/** A button: who may press it (policy.ts), which screen asks for the rest, when it makes sense for a record. */
const button = (actionType: 'resource' | 'record' | 'bulk', allowed: PolicyAction, component: string, handler: Handler, options: ButtonOptions = {}): Partial<Action<ActionResponse>> => ({
  actionType,
  component,
  handler,
  isAccessible: ({ record }) => {
    const user = currentUser();
    return Boolean(user && can(user.actor, allowed, options.row?.(record?.params ?? {})));
  },
  isVisible: ({ record }) => !record || !options.when || options.when(record.params),
  custom: { primary: options.primary ?? false, danger: options.danger ?? false, direct: options.direct ?? false },
});

const isOpen: RecordRule = ({ stageCode }) => (openStages as readonly unknown[]).includes(stageCode);
const isSubmitted: RecordRule = ({ stageCode }) => stageCode === 'submitted';
const ledBy = ({ leadCode }: Record<string, unknown>): Row => ({ leadAgencyCode: String(leadCode ?? '') });
const isActive: RecordRule = ({ active }) => active !== false;
const isLive: RecordRule = ({ statusCode, over }) => statusCode !== 'cancelled' && over !== true;

export const taskActions = (ctx: Ctx): { task: NamedActions; directive: NamedActions } => ({
  task: {
    show: { component: 'TaskPage' },
    assign: button('resource', 'directive.write', 'AssignForm', assignAction(ctx), { primary: true }),
    report: button('record', 'task.report', 'ReportForm', reportAction(ctx), { when: (params) => isOpen(params) || isSubmitted(params), primary: true, row: ledBy }),
    acknowledge: button('record', 'task.report', 'ConfirmForm', acknowledgeAction(ctx), { when: ({ stageCode }) => stageCode === 'new', direct: true, row: ledBy }),
    confirm: button('record', 'task.confirm', 'ConfirmForm', confirmAction(ctx), { when: isSubmitted, primary: true }),
    giveBack: button('record', 'task.return', 'ReasonForm', returnAction(ctx), { when: isSubmitted }),
    remind: button('record', 'task.remind', 'ConfirmForm', remindAction(ctx), { when: isOpen, direct: true }),
    moveDeadline: button('record', 'task.move-deadline', 'DeadlineForm', moveDeadlineAction(ctx), { when: isOpen }),
    remindMany: button('bulk', 'task.remind', 'ConfirmForm', remindManyAction(ctx), { direct: true, when: isOpen }),
  },
  directive: {
    show: { component: 'DirectivePage' },
    assign: button('resource', 'directive.write', 'AssignForm', assignAction(ctx), { primary: true }),
    addTask: button('record', 'task.assign', 'AddTaskForm', addTaskAction(ctx), { primary: true }),
  },
});

export const meetingActions = (ctx: Ctx): NamedActions => ({
  show: { component: 'MeetingPage' },
  call: button('resource', 'meeting.write', 'CallMeetingForm', callMeetingAction(ctx), { primary: true }),
  postpone: button('record', 'meeting.write', 'PostponeForm', postponeMeetingAction(ctx), { when: isLive }),
  people: button('record', 'meeting.write', 'PeopleForm', changePeopleAction(ctx), { when: isLive }),
  cancel: button('record', 'meeting.write', 'ReasonForm', cancelMeetingAction(ctx), { when: isLive, danger: true }),
  // Pressed on the lines of the board.
  phoneConfirm: button('record', 'meeting.write', 'ConfirmForm', phoneConfirmAction(ctx), { when: () => false }),
  remindAttendee: button('record', 'meeting.write', 'ConfirmForm', remindAttendeeAction(ctx), { when: () => false }),
});

export const peopleActions = (ctx: Ctx): { agency: NamedActions; person: NamedActions; account: NamedActions; calendar: NamedActions } => ({
  agency: {
    add: button('resource', 'agency.write', 'AgencyForm', addAgencyAction(ctx), { primary: true }),
    show: { component: 'AgencyPage' },
    change: button('record', 'agency.write', 'EditAgencyForm', changeAgencyAction(ctx), { primary: true }),
  },
  person: {
    add: button('resource', 'person.write', 'PersonForm', addPersonAction(ctx), { primary: true }),
    show: { component: 'PersonPage' },
    linkCode: button('record', 'link-code.issue', 'LinkCodePage', linkCodeAction(ctx), { primary: true, when: isActive }),
    phoneCode: button('record', 'person.write', 'PhonePage', sendPhoneCodeAction(ctx), { when: ({ phoneOpen }) => phoneOpen === true }),
    // Pressed on that page.
    confirmPhone: button('record', 'person.write', 'PhonePage', confirmPhoneAction(ctx), { when: () => false }),
    disownPhone: button('record', 'person.write', 'PhonePage', disownPhoneAction(ctx), { when: () => false }),
    change: button('record', 'person.write', 'EditPersonForm', changePersonAction(ctx), { when: isActive }),
    deactivate: button('record', 'person.write', 'LeaveServiceForm', deactivatePersonAction(ctx), { when: isActive, danger: true }),
    reactivate: button('record', 'person.write', 'ConfirmForm', reactivatePersonAction(ctx), { when: (params) => !isActive(params), direct: true }),
  },
  account: {
    add: button('resource', 'account.write', 'AccountForm', addAccountAction(ctx), { primary: true }),
    change: button('record', 'account.write', 'EditAccountForm', changeAccountAction(ctx), { primary: true }),
    resetPassword: button('record', 'account.write', 'ResetPasswordPage', resetPasswordAction(ctx)),
    disable: button('record', 'account.write', 'ConfirmForm', disableAccountAction(ctx), { when: ({ disabled }) => disabled !== true, danger: true }),
    enable: button('record', 'account.write', 'ConfirmForm', enableAccountAction(ctx), { when: ({ disabled, locked }) => disabled === true || locked === true, direct: true }),
  },
  calendar: {
    setDay: button('resource', 'calendar.write', 'CalendarDayForm', setDayAction(ctx), { primary: true }),
    changeDay: button('record', 'calendar.write', 'CalendarDayForm', setDayAction(ctx)),
    removeDay: button('record', 'calendar.write', 'ConfirmForm', removeDayAction(ctx), { danger: true }),
  },
});

export const inboxActions = (ctx: Ctx): NamedActions => ({
  retry: button('record', 'inbox.retry', 'ConfirmForm', retryInboundAction(ctx), { primary: true }),
});

export const templateActions = (ctx: Ctx): NamedActions => ({
  add: button('resource', 'channel.write', 'TemplateForm', addTemplateAction(ctx), { primary: true }),
  change: button('record', 'channel.write', 'TemplateForm', changeTemplateAction(ctx), { primary: true }),
  enable: button('record', 'channel.write', 'ConfirmForm', switchTemplateAction(ctx, true), { direct: true, when: ({ enabled }) => enabled === false }),
  disable: button('record', 'channel.write', 'ConfirmForm', switchTemplateAction(ctx, false), { direct: true, danger: true, when: ({ enabled }) => enabled === true }),
});
