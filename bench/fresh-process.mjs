// A fresh process as the Node worker begins one: it provides `@azure/functions-core`, imports the app, and hands one request to
// the function whose route fits. Plain JavaScript, so that stripping types costs nothing here.
//
//     node bench/fresh-process.mjs ENTRY REQUEST
//
// REQUEST: {"method", "path", "headers", "body"}. Prints {"functions", "importMs", "answerMs", "processorMs", "importedRss", "answeredRss", "status"}:
// milliseconds of the import alone, from the start of the process to the answer, and of processor time until then; bytes.
import Module from 'node:module';
import { pathToFileURL } from 'node:url';

const [entry, requestText] = process.argv.slice(2);
const request = JSON.parse(requestText);
const functions = [];
let model;

const disposable = { dispose() {} };
const core = {
  version: '3.9.1',
  hostVersion: '4.1037.0',
  Disposable: class {
    dispose() {}
  },
  log() {},
  registerFunction(metadata, callback) {
    functions.push({ metadata, callback });
    return disposable;
  },
  registerHook: () => disposable,
  setProgrammingModel(given) {
    model = given;
  },
  getProgrammingModel: () => model,
};
Module.prototype.require = new Proxy(Module.prototype.require, {
  apply: (target, self, given) => (given[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, given)),
});

const before = performance.now();
await import(pathToFileURL(entry).href);
const importMs = performance.now() - before;
const importedRss = process.memoryUsage.rss();
model.getCapabilities({});

const triggerOf = ({ metadata }) => Object.entries(metadata.bindings).find(([, { type }]) => type === 'httpTrigger');
const found = functions.find((candidate) => {
  const [, trigger] = triggerOf(candidate) ?? [];
  return trigger?.route === request.path.slice(1) && trigger.methods.includes(request.method);
});
if (found === undefined) {
  console.log(JSON.stringify({ functions: functions.length, status: 404 }));
  process.exit(0);
}

const [name] = triggerOf(found);
const nullable = (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
const http = {
  method: request.method,
  url: `http://127.0.0.1:7071${request.path}`,
  nullableHeaders: nullable({ 'content-type': 'application/json', ...request.headers }),
  nullableQuery: {},
  nullableParams: {},
  ...(request.body === undefined ? {} : { body: { bytes: Buffer.from(JSON.stringify(request.body)) } }),
};
const invocationId = '00000000-0000-4000-8000-000000000000';
const invocation = await model.getInvocationModel({
  invocationId,
  request: { invocationId, functionId: found.metadata.name, inputData: [{ name, data: { http } }], traceContext: {} },
  metadata: found.metadata,
  state: undefined,
  log() {},
});
const { context, inputs } = await invocation.getArguments();
const result = await invocation.invokeFunction(context, inputs, found.callback);
const response = await invocation.getResponse(context, result);
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    functions: functions.length,
    importMs,
    answerMs: performance.now(),
    processorMs: (user + system) / 1000,
    importedRss,
    answeredRss: process.memoryUsage.rss(),
    status: Number(response.returnValue?.http?.statusCode),
  }),
);
process.exit(0);
