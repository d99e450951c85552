/**
 * Mantine dressed in our tokens: its own colours point at them.
 *
 * @module
 */
import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e2f1ee',
  '#c8e5e0',
  '#9fd4cb',
  '#7fd0c4',
  '#63cbbd',
  '#36a89b',
  '#188a7f',
  '#0c7068',
  '#0a655e',
  '#07504b',
]

const red: MantineColorsTuple = [
  '#fbe9ee',
  '#f5cdd8',
  '#f0a9bc',
  '#ff9db4',
  '#ff8aa5',
  '#e0446e',
  '#c42553',
  '#a5123f',
  '#8d0f36',
  '#700a2a',
]

/** Mantine's grounds and lines of the dark scheme, from text to the deepest ground. */
const dark: MantineColorsTuple = [
  '#e3e9eb',
  '#c3ccd1',
  '#9fadb6',
  '#7f8d96',
  '#3b464d',
  '#2a3238',
  '#1c2227',
  '#161b1f',
  '#0f1316',
  '#0a0d0f',
]

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { teal, red, dark },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13.5px', md: '14.5px', lg: '16px', xl: '19px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  components: {
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, color: 'dark' } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4, blur: 1 },
        // Most dialogs ask for something; those that only show something say "Close".
        closeButtonProps: { 'aria-label': 'Cancel' },
        // A <header> in a dialog would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
  },
})

const shared = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--soft)',
  '--mantine-color-placeholder': 'var(--soft)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-hover': 'var(--wash)',
  '--mantine-color-default-border': 'var(--strong-line)',
  '--mantine-color-error': 'var(--critical)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
}

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
