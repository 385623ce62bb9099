// Light, dark, or as the system: chosen by the button in the bar, and kept. Runs before the page is drawn, so that nothing flashes.
{
  const root = document.documentElement
  const choices = ['system', 'light', 'dark']
  const read = () => {
    try {
      return localStorage.getItem('theme') ?? 'system'
    } catch {
      return 'system'
    }
  }
  const choose = choice => {
    if (choice === 'system') delete root.dataset.theme
    else root.dataset.theme = choice
    try {
      localStorage.setItem('theme', choice)
    } catch {
      // A page without storage forgets the choice.
    }
    document
      .querySelector('.theme')
      ?.setAttribute('aria-label', `Colours: ${choice === 'system' ? 'as the system' : choice}`)
    dispatchEvent(new Event('themechange'))
  }
  choose(read())
  addEventListener('DOMContentLoaded', () => {
    choose(read())
    document.querySelector('.theme')?.addEventListener('click', () => {
      choose(choices[(choices.indexOf(read()) + 1) % choices.length])
    })
  })
}
