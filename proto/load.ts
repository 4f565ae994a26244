import {
  loadPackageDefinition,
  type ChannelCredentials,
  type ChannelOptions,
  type ClientOptions,
  type GrpcObject,
  type ServiceClientConstructor,
} from '@grpc/grpc-js'
import { fromJSON, type Options } from '@grpc/proto-loader'
import protobuf from 'protobufjs'
import { asset } from './assets.ts'
import { limits } from './limits.ts'
import type { ProtoGrpcType as AgentTypes } from './gen/agent.ts'
import type { ProtoGrpcType as ControlTypes } from './gen/control.ts'
import type { AgentClient, AgentDefinition } from './gen/errand/agent/v1/Agent.ts'
import type { ControlClient, ControlDefinition } from './gen/errand/control/v1/Control.ts'

/** As deploy/generate-proto.ts tells the type generator: the two must agree. */
const loading: Options = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
}

/** Options of every client and server: the size of a message, and no retries of gRPC's own. */
export const channelOptions: ChannelOptions = {
  'grpc.max_receive_message_length': limits.messageBytes,
  'grpc.max_send_message_length': limits.messageBytes,
  'grpc.enable_retries': 0,
}

/** What an agent serves. */
export function loadAgentService(): AgentDefinition {
  return loadAgent().errand.agent.v1.Agent.service
}

/** What a controller serves to its user. */
export function loadControlService(): ControlDefinition {
  return loadControl().errand.control.v1.Control.service
}

/** A client of the agent at `address` (`host:port` or `unix:/path`). The caller closes it. */
export function agentClient(
  address: string,
  credentials: ChannelCredentials,
  options: ClientOptions = {},
): AgentClient {
  return new (loadAgent().errand.agent.v1.Agent)(address, credentials, {
    ...channelOptions,
    ...options,
  })
}

/** A client of the controller at `address` (`unix:/path`). The caller closes it. */
export function controlClient(
  address: string,
  credentials: ChannelCredentials,
  options: ClientOptions = {},
): ControlClient {
  return new (loadControl().errand.control.v1.Control)(address, credentials, {
    ...channelOptions,
    ...options,
  })
}

function loadAgent(): AgentTypes {
  return load('proto/agent.proto') as unknown as AgentTypes
}

function loadControl(): ControlTypes {
  return load('proto/control.proto') as unknown as ControlTypes
}

function load(path: string): GrpcObject | ServiceClientConstructor {
  const { root } = protobuf.parse(asset(path), { keepCase: false })
  return loadPackageDefinition(fromJSON(root.toJSON(), loading))
}
