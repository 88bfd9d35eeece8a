import { OpenFeatureProvider } from '@openfeature/react-sdk'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import './flags'
import './style.css'

// Components wait for the flags (`suspendUntilReady`) instead of showing their defaults first. If Jackstaff is away they
// wait until `initialize` gives up, and show their defaults then.
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <OpenFeatureProvider suspendUntilReady>
      <Suspense>
        <App />
      </Suspense>
    </OpenFeatureProvider>
  </StrictMode>,
)
