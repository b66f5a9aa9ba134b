/** An instance of the product as it is built, in a process of its own, which also says what it takes. */
import { createApp } from '../../dist/app.js';
import { readConfig } from '../../dist/config.js';
import { createLogger, writeLinesTo } from '../../dist/sight/logger.js';
import { report } from './reporting.js';

const config = readConfig();
// The lines of the log are written, to nowhere.
const logger = createLogger(config.logLevel, writeLinesTo('/dev/null'));
const app = createApp({ config, logger });
report(await app.start(), () => app.drain());
