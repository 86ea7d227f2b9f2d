export { DEATH_NOTICE_KIND, type DeathNotice } from './death-notice.ts';
export { deathActions, noticeStates, relations } from './death-notice-rules.ts';
export { type DeathNoticeWork, deathNoticeWork } from './death-notice-work.ts';
export {
  type DeathNotices,
  type DecisionOutcome,
  deathNotices,
  type NoticeWithDirectives,
} from './death-notices.ts';
export { type DirectivesUseCases, directivesUseCases } from './directives.ts';
export { type DirectivesFault, wishedActions } from './directives-rules.ts';
export { postMortemSources } from './sources.ts';
