/**
 * The best of the offered media types for an `Accept` header (RFC 9110 §12.5.1), the first of them when the client does not mind or wants
 * none: an answer in another form is more use than none.
 */
export function preferredMediaType<Offered extends string>(
  accept: string | undefined,
  offered: readonly [Offered, ...Offered[]],
): Offered {
  let best: { type: Offered; quality: number; precision: number } | undefined;
  for (const part of (accept ?? '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    const type = offered.find(
      (candidate) => range === '*/*' || range === candidate || range === `${candidate.split('/')[0]}/*`,
    );
    if (!type || !(quality > 0)) continue;
    const precision = range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2;
    if (!best || quality > best.quality || (quality === best.quality && precision > best.precision)) {
      best = { type, quality, precision };
    }
  }
  return best?.type ?? offered[0];
}
