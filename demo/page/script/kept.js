// What is kept between visits can be forgotten: entries and unsent writes of all clients of the page.

/** @param clients those who keep */
export function openForget(button, told, clients) {
  button.addEventListener('click', async () => {
    try {
      await Promise.all(clients.map(client => client.clearCache()))
      told.textContent = 'Forgotten. Nothing is kept until the page is loaded again.'
    } catch (error) {
      told.textContent = error.message
    }
  })
}
