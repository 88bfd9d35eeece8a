import 'reflect-metadata'
import { JackstaffProvider } from '@jackstaff/openfeature-server'
import { Controller, type ExecutionContext, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  BooleanFeatureFlag,
  type EvaluationDetails,
  OpenFeatureModule,
  RequireFlagsEnabled,
} from '@openfeature/nestjs-sdk'
import { firstValueFrom, type Observable } from 'rxjs'

// A Nest application as a newcomer would write it, for nest.test.ts.

const { JACKSTAFF_URL = '', JACKSTAFF_SERVER_KEY = '', PORT = '' } = process.env

@Controller()
class CheckoutController {
  @Get('checkout')
  checkout(
    @BooleanFeatureFlag({ flagKey: 'new-checkout', defaultValue: false })
    details: Observable<EvaluationDetails<boolean>>,
  ) {
    return firstValueFrom(details) // the SDK brings an rxjs of its own, whose observables Nest does not wait for
  }

  @Get('one-page')
  @RequireFlagsEnabled({ flags: [{ flagKey: 'new-checkout' }] })
  onePage() {
    return 'Pay in one step.'
  }
}

@Module({
  imports: [
    OpenFeatureModule.forRoot({
      defaultProvider: new JackstaffProvider({ url: JACKSTAFF_URL, key: JACKSTAFF_SERVER_KEY }),
      contextFactory: (context: ExecutionContext) => ({
        targetingKey: context.switchToHttp().getRequest().query.visitor,
      }),
    }),
  ],
  controllers: [CheckoutController],
})
class App {}

const app = await NestFactory.create(App, { logger: ['error', 'warn'] })
app.enableShutdownHooks()
await app.listen(PORT, '127.0.0.1')
