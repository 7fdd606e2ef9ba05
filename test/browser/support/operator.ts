import type { Page } from 'playwright-core'

/** Signs in by the button of the header. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in' })
  await dialog.getByLabel('Token').fill(token)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
}

/** An action in its dialog: says why, looks at what will change, and gives that step's text. */
export async function lookAtAction(page: Page, name: string, why: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name })
  await dialog.getByLabel(/\(is recorded\)/).fill(why)
  await dialog.getByRole('button', { name: 'Look at what will change' }).click()
  await dialog.getByRole('heading', { name: 'What will change' }).waitFor()
  return dialog.innerText()
}

/** Confirms it, by typing the endpoint's name where that is asked for, and waits for what is said of it. */
export async function confirmAction(
  page: Page,
  name: string,
  button: string,
  typed?: string,
): Promise<string> {
  const dialog = page.getByRole('dialog', { name })
  if (typed !== undefined) await dialog.getByLabel(`Type ${typed} to confirm`).fill(typed)
  await dialog.getByRole('button', { name: button, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const said = page.getByText(new RegExp(`^${name}: .*Done by `))
  await said.first().waitFor()
  return said.first().innerText()
}
