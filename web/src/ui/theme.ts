import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eef7f6',
  '#d8edeb',
  '#b2dcd8',
  '#86c8c2',
  '#58b1aa',
  '#339a93',
  '#1f8680',
  '#15766f',
  '#0f6660',
  '#0a4f4a',
];

const dark: MantineColorsTuple = [
  '#e3e6ea',
  '#c2c7cf',
  '#9ba2ad',
  '#7d8591',
  '#3a404a',
  '#2d323a',
  '#242930',
  '#181b20',
  '#131619',
  '#0e1013',
];

/** The one length of every movement, in milliseconds; the same as `--tb-move`. */
export const MOVE = 120;

export const theme: MantineThemeOverride = createTheme({
  colors: { petrol, dark },
  primaryColor: 'petrol',
  // The default shades fail WCAG AA on filled buttons.
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 6,
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '8px', xl: '12px' },
  cursorType: 'pointer',
  fontFamily:
    '"Inter Variable", "Inter Until Loaded", ui-sans-serif, system-ui, "Noto Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '600' },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 500 } } },
    // What people type takes its direction from itself.
    Input: { defaultProps: { attributes: { input: { dir: 'auto' } } } },
    Modal: {
      defaultProps: {
        shadow: 'none',
        transitionProps: { duration: MOVE },
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.4 },
      },
      styles: { title: { fontWeight: 600 } },
    },
    // The coloured titles fall short of 4.5:1 on their tinted ground.
    Alert: { styles: { title: { color: 'var(--tb-text)' }, message: { color: 'var(--tb-text)' } } },
    Notification: {
      defaultProps: { withBorder: true, closeButtonProps: { 'aria-label': 'Dismiss' } },
      styles: { root: { boxShadow: 'none' } },
    },
    Drawer: { styles: { title: { fontWeight: 600 } } },
    Menu: {
      defaultProps: {
        shadow: 'sm',
        transitionProps: { duration: MOVE },
        // Stays in its landmark; the placeholder is no child a menu may have.
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
      // Also where its button is in the middle of a line.
      styles: { dropdown: { textAlign: 'start' } },
    },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: MOVE } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' } },
    },
  },
});

/** Mantine's own dimmed, placeholder and border greys fall short of 4.5:1 and 3:1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6470',
    '--mantine-color-placeholder': '#69727e',
    '--mantine-color-text': '#1b1f24',
    '--mantine-color-default-border': '#d3d8de',
    '--mantine-color-error': '#b42318',
    '--mantine-color-gray-light-color': '#3d4550',
  },
  dark: {
    '--mantine-color-dimmed': '#9ba2ad',
    '--mantine-color-placeholder': '#8b93a0',
    '--mantine-color-text': '#dfe3e8',
    '--mantine-color-default-border': '#3a404a',
    '--mantine-color-error': '#ff8f85',
  },
});
