import { defineTexts } from './define.ts'

/** Texts that the views of model and system health share. */
export const healthTexts = defineTexts({
  en: { days: 'Days shown', day_choice: { one: '{count} day', other: '{count} days' } },
  fr: { days: 'Jours affichés', day_choice: { one: '{count} jour', other: '{count} jours' } },
})
