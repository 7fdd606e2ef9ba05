import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.ts'
import { App } from './app.tsx'
import { parseViewState } from './state/url-query.ts'
import { preloadView } from './views/registry.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/pieces.css'
import './styles/shell.css'

preloadView(parseViewState(window.location.search, 'en').tab)

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
