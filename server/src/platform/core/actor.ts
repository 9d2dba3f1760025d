/** Who is calling, as the session door established it. */
export interface Actor {
  userId: string;
  name: string;
  isAdministrator: boolean;
  /** Empty for command-line tools, which act for somebody without a session of theirs. */
  sessionId: string;
}

/** Where a request came from, for sessions and the audit log. */
export interface Origin {
  /** Client address as trusted proxies report it. */
  address: string;
  /** The user agent, cut to 200 characters. */
  device: string;
  requestId: string;
}
