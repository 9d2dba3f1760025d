/**
 * Calls a listener as event targets do: what it throws is reported as uncaught, and hinders neither
 * the caller nor the other listeners.
 */
export function safely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
