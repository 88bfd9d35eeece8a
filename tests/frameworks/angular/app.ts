import '@angular/compiler'
import { AsyncPipe } from '@angular/common'
import { Component, importProvidersFrom, inject, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { JackstaffWebProvider, type JackstaffWebProviderOptions } from '@jackstaff/openfeature-web'
import { BooleanFeatureFlagDirective, FeatureFlagService, OpenFeatureModule } from '@openfeature/angular-sdk'

// A page of Angular, compiled in the browser, for angular.test.ts.

@Component({
  selector: 'app-root',
  imports: [AsyncPipe, BooleanFeatureFlagDirective],
  template: `
    @if (banner | async; as details) {
      <p id="banner">{{ details.value }}</p>
    }
    <p *booleanFeatureFlag="'new-checkout'; default: false; else: old">Pay in one step.</p>
    <ng-template #old><p>Pay in three steps.</p></ng-template>
  `,
})
class App {
  readonly banner = inject(FeatureFlagService).getStringDetails('sale-banner', '')
}

function open(options: JackstaffWebProviderOptions) {
  const provider = new JackstaffWebProvider(options)
  const flags = OpenFeatureModule.forRoot({ provider, context: { targetingKey: 'ana' } })
  return bootstrapApplication(App, {
    providers: [provideZonelessChangeDetection(), importProvidersFrom(flags)],
  })
}

Object.assign(window, { open: (options: JackstaffWebProviderOptions) => open(options).then(() => true) })
