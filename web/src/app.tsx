import { Suspense, useEffect, useRef, type ReactElement } from 'react'
import { useLive } from './api/live.ts'
import { useApi } from './api/queries.ts'
import { useCity } from './api/use-city.ts'
import { forgetClock } from './api/clock.ts'
import { Banners } from './shell/banners.tsx'
import { Crash } from './shell/crash.tsx'
import { Footer } from './shell/footer.tsx'
import { Header } from './shell/header.tsx'
import { Navigation } from './shell/navigation.tsx'
import { NoCity } from './shell/no-city.tsx'
import { useDocument } from './shell/use-document.ts'
import { useViewState } from './state/view-state.ts'
import { shellTexts } from './text/shell.ts'
import { uiTexts } from './text/ui.ts'
import { ZoneContext } from './text/use-format.ts'
import { useText } from './text/use-text.ts'
import { Async } from './ui/async.tsx'
import { ToastRegion } from './ui/toast.tsx'
import { IncidentView, VIEWS } from './views/registry.ts'

const NONE = {} as const

/** The page: its frame, and the view that the address names. */
export function App(): ReactElement {
  const t = useText(shellTexts)
  const [{ tab, incident }] = useViewState()
  const cities = useApi('cities', NONE, NONE)
  const city = useCity()
  const main = useRef<HTMLElement>(null)
  useDocument()
  useLive(city?.name ?? null)
  useEffect(() => forgetClock, [city?.name])
  const View = tab === 'releases' && incident !== null ? IncidentView : VIEWS[tab]
  return (
    <ZoneContext value={city?.timezone ?? 'UTC'}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {t('skip')}
      </a>
      <Header />
      <Navigation />
      <main id="main" ref={main} tabIndex={-1} className={`main main-${tab}`}>
        <Banners />
        <Async query={cities} height={300}>
          {() =>
            city === null || city === undefined || city.problem !== null ? (
              <NoCity problem={city?.problem ?? null} />
            ) : (
              <Crash key={`${city.name} ${tab} ${incident ?? ''}`}>
                <Suspense fallback={<ViewLoading />}>
                  <View city={city.name} />
                </Suspense>
              </Crash>
            )
          }
        </Async>
      </main>
      <Footer />
      <ToastRegion />
    </ZoneContext>
  )
}

function ViewLoading(): ReactElement {
  const t = useText(uiTexts)
  return (
    <div className="loading" role="status">
      {t('loading')}
    </div>
  )
}
