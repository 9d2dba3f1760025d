(function () {
  var chosen = 'auto';
  try {
    chosen = localStorage.getItem('teambrain-theme') || 'auto';
  } catch (error) {
    // Storage is blocked: follow the system.
  }
  var isDark =
    chosen === 'dark' ||
    (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
