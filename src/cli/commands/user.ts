import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Role } from '../../auth/roles.js';
import { createChanges } from '../../changes/change.js';
import { createIdempotencyStore } from '../../changes/idempotency.js';
import { Refusal } from '../../changes/refusal.js';
import type { Config } from '../../config.js';
import { connectDatabase } from '../../db/connect.js';
import { encodeId } from '../../graphql/globalIds.js';
import { formatMoment } from '../../lib/time.js';
import { accountInputs, createOperatingService, suspensionOf } from '../../modules/accounts/public.js';

/** 144 random bits, in 24 characters that can be typed. */
const generatePassword = (): string => randomBytes(18).toString('base64url');

/** The password on stdin, as `echo` and editors end it: without the line break. */
const readPassword = async (): Promise<string> => (await text(process.stdin)).replace(/\r?\n$/, '');

/** Given with `--password-stdin`, or made up and then to be shown. */
async function choosePassword(fromStdin: boolean | undefined): Promise<{ password: string; toShow: string }> {
  if (fromStdin) return { password: await readPassword(), toShow: '' };
  const password = generatePassword();
  return { password, toShow: `\nPassword, shown this once: ${password}` };
}

/** The form of the input, in one line for all that is wrong with it. */
function checked<Output>(
  result: { success: true; data: Output } | { success: false; error: { issues: readonly Issue[] } },
): Output {
  if (result.success) return result.data;
  throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '));
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Operating = ReturnType<typeof createOperatingService>;

/** Works on the database, beside a server that runs. What is refused is one line. */
async function operate<Result>(
  config: Config,
  work: (operating: Operating) => Promise<Result>,
): Promise<Result> {
  const database = await connectDatabase(config);
  try {
    // Nothing here is sent twice by a client, so nothing is ever sealed with this secret.
    const idempotency = createIdempotencyStore(randomBytes(32).toString('hex'));
    // Instances that run find in the log what was done here.
    const changes = createChanges(database.db, idempotency, () => undefined);
    return await work(createOperatingService(database.db, changes));
  } catch (error) {
    throw error instanceof Refusal ? new Error(error.message) : error;
  } finally {
    await database.close();
  }
}

export interface CreateOptions {
  readonly email: string;
  readonly username: string;
  readonly name?: string;
  readonly role: Role;
  readonly passwordStdin?: boolean;
}

/** `tidings user create`: makes an account, such as the first administrator. */
export async function createUserCommand(config: Config, { role, ...options }: CreateOptions): Promise<void> {
  const { email, username, name, passwordStdin } = options;
  const { password, toShow } = await choosePassword(passwordStdin);
  const account = checked(accountInputs.signUp.safeParse({ email, username, name, password }));
  const user = await operate(config, (operating) => operating.createUser({ ...account, role }));
  console.log(`Made the account ${user.username} with the role ${user.role}.${toShow}`);
}

export interface SetPasswordOptions {
  readonly email: string;
  readonly passwordStdin?: boolean;
}

/** `tidings user set-password`: lets somebody in who has lost their password, and everybody else out. */
export async function setPasswordCommand(
  config: Config,
  { email, passwordStdin }: SetPasswordOptions,
): Promise<void> {
  const { password, toShow } = await choosePassword(passwordStdin);
  const account = checked(accountInputs.setPassword.safeParse({ email, password }));
  const user = await operate(config, (operating) => operating.setPassword(account.email, account.password));
  console.log(`${user.username} has a new password, and has to sign in with it everywhere.${toShow}`);
}

// Imported names come from files: they must not steer the terminal.
const printable = (cell: string): string => cell.replaceAll(/\p{Cc}/gu, '\uFFFD');

/** `tidings user list`: all accounts, a line each, with tabs between the columns. */
export async function listUsersCommand(config: Config): Promise<void> {
  await operate(config, async (operating) => {
    console.log(['id', 'username', 'email', 'role', 'suspended'].join('\t'));
    for await (const users of operating.list()) {
      for (const user of users) {
        const suspension = suspensionOf(user);
        const suspended =
          suspension === null
            ? '-'
            : suspension.until === null
              ? 'for good'
              : `until ${formatMoment(suspension.until)}`;
        const cells = [encodeId('User', user.id), user.username, user.email ?? '-', user.role, suspended];
        console.log(cells.map(printable).join('\t'));
      }
    }
  });
}
