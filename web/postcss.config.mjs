export default {
  plugins: {
    'postcss-preset-mantine': {},
    'postcss-simple-vars': {
      variables: {
        // Keep in step with ui/breakpoints.ts.
        narrow: '47.9375em',
        wide: '68.75em',
      },
    },
  },
};
