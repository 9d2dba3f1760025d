/** Problem codes the gates refuse with. */
export const N = 'not-signed-in';
export const L = 'locked';
export const F = 'forbidden';
export const NOT_FOUND = 'not-found';

/**
 * Gates by visibility of the space; `ok` where the case decides. Columns: anonymous, outsider,
 * locked, member, moderator, owner, administrator, ex-member.
 */
export const OPEN = 'ok ok ok ok ok ok ok ok';
export const USER = `${N} ok ok ok ok ok ok ok`;
export const ADMIN = `${N} ${F} ${F} ${F} ${F} ${F} ok ${F}`;
export const READ = {
  public: `${N} ok ok ok ok ok ok ok`,
  protected: `${N} ${L} ${L} ok ok ok ${L} ${L}`,
};
export const WRITE = {
  public: `${N} ${F} ${F} ok ok ok ok ${F}`,
  protected: `${N} ${L} ${L} ok ok ok ${L} ${L}`,
};
export const MANAGE = {
  public: `${N} ${F} ${F} ${F} ok ok ok ${F}`,
  protected: `${N} ${L} ${L} ${F} ok ok ${L} ${L}`,
};
