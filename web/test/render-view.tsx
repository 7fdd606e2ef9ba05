import { QueryClientProvider } from '@tanstack/react-query'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactElement } from 'react'
import { createQueryClient } from '../src/api/queries.ts'
import { ZoneContext } from '../src/text/use-format.ts'
import { ToastRegion } from '../src/ui/toast.tsx'

/** A view as the page shows it, under an address. */
export function renderView(view: ReactElement, search = '?lang=en'): RenderResult {
  window.history.replaceState(null, '', `/${search}`)
  return render(
    <QueryClientProvider client={createQueryClient()}>
      <ZoneContext value="America/New_York">
        {view}
        <ToastRegion />
      </ZoneContext>
    </QueryClientProvider>,
  )
}
