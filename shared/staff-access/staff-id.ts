/**
 * Whether a value can be the id of a member of staff: the `sub` of a staff token, which Entra ID makes of base64url characters and others of
 * e-mail addresses or UUIDs. Anything else could not be the id of a document, and authorises nobody.
 */
export function isStaffId(value: string): boolean {
  return STAFF_ID.test(value);
}

export const STAFF_ID = /^(?!\.{1,2}$)[\w.@:|+=~-]{1,128}$/;
