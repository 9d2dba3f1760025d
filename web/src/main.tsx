import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import './app/mantine.css';
import './ui/font.css';
import './ui/base.css';
import './ui/shared.css';
import { createSession } from '@teambrain/client/session.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { keepComposingKeys } from './platform/keys/composing.ts';

keepComposingKeys(window);
const session = createSession({ baseUrl: '' });
const root = document.getElementById('root');
if (root) createRoot(root).render(<App session={session} />);
