import * as z from 'zod/mini';

/** A file as it came: the media type that the request claims, and the bytes. Nothing of it has been checked but size and claimed type. */
export interface Upload {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface UploadRule {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
}

const rules = new WeakMap<z.ZodMiniType, UploadRule>();

/** The body schema of a route that takes a raw file instead of JSON: other media types are a 415, a larger body a 413. */
export function uploadOf(mediaTypes: readonly string[], maxBytes: number): z.ZodMiniType<Upload> {
  const schema = z.custom<Upload>();
  rules.set(schema, { mediaTypes, maxBytes });
  return schema;
}

/** The rule of a body schema made by {@link uploadOf}; nothing for a JSON body. */
export function uploadRuleOf(schema: z.ZodMiniType): UploadRule | undefined {
  return rules.get(schema);
}
