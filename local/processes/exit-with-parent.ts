/**
 * Loaded into a child process before its own module: when the supervisor is gone, even by kill -9, the child ends the way
 * it would at SIGTERM. No process of the local stack outlives it.
 */
process.once('disconnect', () => {
  process.emit('SIGTERM', 'SIGTERM');
  // In case something keeps the process from ending by itself.
  setTimeout(() => process.exit(), 5_000).unref();
});
// Listening must not itself keep the process alive.
process.channel?.unref();
