// Leads the browser's passkey dialogue. Buttons: data-passkey="sign-in", "prove" or "add"; texts appear in the element named by data-says.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

async function post(address, token, body) {
  const answer = await fetch(address, {
    method: 'POST', credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Form-Token': token },
    body: body ? JSON.stringify(body) : undefined,
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.text ?? content.detail ?? 'This did not work. Load the page again and try once more.');
  return content;
}

function credential(made) {
  const { response } = made;
  const out = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    out.attestationObject = text(response.attestationObject);
    out.transports = response.getTransports?.() ?? [];
  } else {
    out.authenticatorData = text(response.authenticatorData);
    out.signature = text(response.signature);
    if (response.userHandle) out.userHandle = text(response.userHandle);
  }
  return JSON.stringify({
    id: made.id, rawId: text(made.rawId), type: made.type, response: out,
    authenticatorAttachment: made.authenticatorAttachment ?? undefined, clientExtensionResults: made.getClientExtensionResults(),
  });
}

const listed = items => (items ?? []).map(item => ({ ...item, id: bytes(item.id) }));

async function signIn(button, token, address = '/account/passkey/sign-in') {
  const options = await post('/account/passkey/request-options', token);
  const made = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) } });
  return post(address, token, { credential: credential(made), returnUrl: button.dataset.return });
}

const prove = (button, token) => signIn(button, token, '/account/passkey/prove');

async function add(button, token) {
  const proof = button.closest('form').querySelector('input[name=proof]')?.value;
  const options = await post('/account/passkey/creation-options', token, { proof });
  const made = await navigator.credentials.create({
    publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: listed(options.excludeCredentials) },
  });
  return post('/account/passkey/add', token, { credential: credential(made), name: document.getElementById(button.dataset.name)?.value });
}

for (const button of document.querySelectorAll('[data-passkey]')) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const says = document.getElementById(button.dataset.says);
    const token = button.closest('form').querySelector('input[name=__RequestVerificationToken]').value;
    says.textContent = '';
    button.disabled = true;
    try {
      const { location: next } = await ({ add, prove }[button.dataset.passkey] ?? signIn)(button, token);
      location.assign(next);
    } catch (failure) {
      says.textContent = failure.name === 'NotAllowedError' ? 'The passkey dialogue was closed. Try again, or use your password.'
        : failure.name === 'InvalidStateError' ? 'This device has a passkey for your account already.'
        : failure.name === 'SecurityError' ? 'Passkeys need HTTPS or the address localhost.' : failure.message;
      button.disabled = false;
    }
  });
}
