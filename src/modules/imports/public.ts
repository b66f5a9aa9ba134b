export { type ImportListener, type ImportSummary, type Rejection, rejectedIn } from './report.js';
export { ImportError, importFolder } from './service.js';
