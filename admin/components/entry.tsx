import { AccountForm, EditAccountForm, PasswordPage, ResetPasswordPage } from './account-forms.js';
import { AgencyForm, EditAgencyForm } from './agency-forms.js';
import { AgencyPage } from './agency-page.js';
import { leaveIfSignedOut } from './api.js';
import { ChannelsPage } from './channels-page.js';
import { Dashboard } from './dashboard.js';
import { HoldPage } from './hold-page.js';
import { LedgerPage } from './ledger-page.js';
import { DirectivePage } from './directive-page.js';
import { CallMeetingForm, PeopleForm, PostponeForm } from './meeting-forms.js';
import { MeetingPage } from './meeting-page.js';
import { CalendarDayForm, LinkCodePage, PersonForm } from './people-forms.js';
import { EditPersonForm, LeaveServiceForm } from './person-forms.js';
import { PersonPage } from './person-page.js';
import { PhonePage } from './phone-page.js';
import { PageRoute, RecordActionRoute, ResourceActionRoute, ResourceRoute } from './routes.js';
import { Nothing, Sidebar, TopBar } from './shell.js';
import { SmsPreviewPage } from './sms-preview.js';
import { ConfirmForm, ReasonForm } from './deed-forms.js';
import { AddTaskForm, AssignForm, DeadlineForm, ReportForm } from './task-forms.js';
import { TaskPage } from './task-page.js';
import { TemplateForm } from './template-form.js';

/** Screens by the names used in actions/index.ts and options.ts, and AdminJS's own parts replaced by ours. */
const screens = {
  AccountForm,
  AddTaskForm,
  AgencyForm,
  AgencyPage,
  AssignForm,
  CalendarDayForm,
  CallMeetingForm,
  ChannelsPage,
  ConfirmForm,
  Dashboard,
  DeadlineForm,
  DirectivePage,
  HoldPage,
  LedgerPage,
  EditAccountForm,
  EditAgencyForm,
  EditPersonForm,
  LeaveServiceForm,
  LinkCodePage,
  MeetingPage,
  PasswordPage,
  PersonForm,
  PersonPage,
  PhonePage,
  PeopleForm,
  PostponeForm,
  ReasonForm,
  ReportForm,
  ResetPasswordPage,
  SmsPreviewPage,
  TaskPage,
  TemplateForm,
  ActionHeader: Nothing,
  FilterDrawer: Nothing,
  Footer: Nothing,
  NoticeBox: Nothing,
  PageRoute,
  RecordActionRoute,
  ResourceActionRoute,
  ResourceRoute,
  Sidebar,
  TopBar,
};

(window as unknown as { AdminJS: { UserComponents: unknown } }).AdminJS.UserComponents = screens;

// AdminJS's own requests know nothing of our 401.
const { send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.send = function (...args) {
  this.addEventListener('load', () => leaveIfSignedOut(this.status));
  return send.apply(this, args);
};
