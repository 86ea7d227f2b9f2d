import { randomUUID } from 'node:crypto';
import type { CoreInvocationContext, InvocationResponse, TraceContext, TypedData } from './core-types.ts';
import {
  errorText,
  type FunctionApp,
  type LogScope,
  logMessage,
  programmingModel,
  type RegisteredFunction,
  runHooks,
} from './function-app.ts';

/** How an invocation ended. A failure is reported, not thrown: what it means is up to the trigger. */
export type InvocationOutcome =
  | { readonly ok: true; readonly invocationId: string; readonly response: InvocationResponse }
  | { readonly ok: false; readonly invocationId: string; readonly error: unknown };

/**
 * Runs a function once, as the Node worker does: arguments, `preInvocation` hooks (which may replace the inputs and
 * the handler), the handler, `postInvocation` hooks (which may replace the result, or clear the error), the answer.
 */
export async function invoke(
  app: FunctionApp,
  fn: RegisteredFunction,
  data: TypedData,
  traceparent: string | undefined,
  tracestate: string | undefined,
): Promise<InvocationOutcome> {
  const invocationId = randomUUID();
  const scope: LogScope = { functionName: fn.name, invocationId, hookData: {}, invocationContext: undefined };
  const core: CoreInvocationContext = {
    invocationId,
    request: {
      invocationId,
      functionId: fn.name,
      inputData: [{ name: fn.triggerName, data }],
      traceContext: traceContext(invocationId, traceparent, tracestate),
    },
    metadata: fn.metadata,
    state: undefined,
    log: (level, category, message) => logMessage(app, level, category, message, scope),
  };
  try {
    return { ok: true, invocationId, response: await run(app, fn, core, scope) };
  } catch (error) {
    logMessage(app, 'error', 'system', `Function '${fn.name}' failed: ${errorText(error)}`, scope);
    return { ok: false, invocationId, error };
  }
}

async function run(
  app: FunctionApp,
  fn: RegisteredFunction,
  core: CoreInvocationContext,
  scope: LogScope,
): Promise<InvocationResponse> {
  if (programmingModel.current === undefined) throw new Error('No programming model has been set.');
  const model = await programmingModel.current.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  scope.invocationContext = context;

  const shared = { hookData: scope.hookData, appHookData: app.appHookData, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: fn.callback };
  if (app.hooks.preInvocation.length > 0) {
    core.state = 'preInvocationHooks';
    await runHooks(app, 'preInvocation', before);
  }

  const after: Record<string, unknown> = { ...shared, inputs: before.inputs, result: null, error: null };
  core.state = 'invocation';
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error;
  }

  if (app.hooks.postInvocation.length > 0) {
    core.state = 'postInvocationHooks';
    await runHooks(app, 'postInvocation', after);
  }
  core.state = undefined;
  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(context, after.result);
}

/** Writes the log entry of an invocation that began at `startedAt` (`performance.now()`). */
export function logInvocation(
  { log }: FunctionApp,
  fn: RegisteredFunction,
  outcome: InvocationOutcome,
  startedAt: number,
  status: number | undefined,
): void {
  log?.({
    kind: 'invocation',
    functionName: fn.name,
    invocationId: outcome.invocationId,
    trigger: fn.trigger,
    outcome: outcome.ok ? 'succeeded' : 'failed',
    durationMs: performance.now() - startedAt,
    ...(status === undefined ? {} : { status }),
    ...(outcome.ok ? {} : { error: errorText(outcome.error) }),
  });
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The W3C trace of this invocation: the caller's when it sent a valid one, else a new one; the span is always new. */
function traceContext(
  invocationId: string,
  traceparent: string | undefined,
  tracestate: string | undefined,
): TraceContext {
  const id = invocationId.replaceAll('-', '');
  const incoming = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const [, traceId = id, flags = '00'] = incoming ?? [];
  return {
    traceParent: `00-${traceId}-${id.slice(16)}-${flags}`,
    traceState: incoming === null ? '' : (tracestate ?? ''),
    attributes: {},
  };
}
