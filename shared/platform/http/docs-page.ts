import type { OpenApiDocument } from './openapi.ts';

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** The contract as one self-contained page: no script, nothing fetched, readable offline and by a screen reader. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  );
  const topics = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  const sections = [...topics].map(
    ([topic, entries]) => `<section><h2>${escaped(topic)}</h2>${entries.map(article).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(document.info.title)}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
h2{margin-top:2.5rem;text-transform:capitalize}article{border-top:1px solid #d5d5dc;padding:.75rem 0}h3{margin:0;font-size:1rem}
code,pre{font:14px ui-monospace,monospace}.method{display:inline-block;min-width:4.5rem;font-weight:700;color:#0b4fa8}
pre{background:#f4f4f7;padding:.75rem;overflow:auto}dl{display:grid;grid-template-columns:4rem 1fr;margin:.5rem 0}dd{margin:0}summary{cursor:pointer}
</style></head><body><main><h1>${escaped(document.info.title)} ${escaped(document.info.version)}</h1>
<p>OpenAPI 3.1: <a href="/api/openapi.json">/api/openapi.json</a>. Every error is an <code>application/problem+json</code> document with a <code>code</code>.</p>
${sections.join('\n')}
</main></body></html>`;
}

function article({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const body = operation.requestBody?.content['application/json']?.schema;
  const answers = Object.entries(operation.responses).map(
    ([status, { description }]) => `<dt><code>${status}</code></dt><dd>${escaped(description)}</dd>`,
  );
  return `<article><h3><span class="method">${method.toUpperCase()}</span> <code>${escaped(path)}</code></h3><p>${escaped(operation.summary)}</p>
${body ? `<details><summary>Request body</summary><pre>${escaped(JSON.stringify(body, null, 2))}</pre></details>` : ''}
<details><summary>Answers</summary><dl>${answers.join('')}</dl></details></article>`;
}
