import type { ReactElement } from 'react'
import { dataSource } from '../api/source.ts'
import { useSession } from '../api/use-city.ts'
import { shellTexts } from '../text/shell.ts'
import { useFormat } from '../text/use-format.ts'
import { useText } from '../text/use-text.ts'

export function Footer(): ReactElement {
  const t = useText(shellTexts)
  const format = useFormat()
  const { data } = useSession()
  return (
    <footer className="footer note">
      <span>{t('footer', { zone: format.zoneName })}</span>
      {dataSource() === 'server' && <a href="api/docs">{t('apiDocs')}</a>}
      {data !== undefined && <span>{data.version}</span>}
    </footer>
  )
}
