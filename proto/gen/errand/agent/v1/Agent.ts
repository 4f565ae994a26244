// Original file: proto/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentMessage as _errand_agent_v1_AgentMessage, AgentMessage__Output as _errand_agent_v1_AgentMessage__Output } from '../../../errand/agent/v1/AgentMessage.ts';
import type { ControllerMessage as _errand_agent_v1_ControllerMessage, ControllerMessage__Output as _errand_agent_v1_ControllerMessage__Output } from '../../../errand/agent/v1/ControllerMessage.ts';
import type { DownloadRequest as _errand_agent_v1_DownloadRequest, DownloadRequest__Output as _errand_agent_v1_DownloadRequest__Output } from '../../../errand/agent/v1/DownloadRequest.ts';
import type { FileChunk as _errand_agent_v1_FileChunk, FileChunk__Output as _errand_agent_v1_FileChunk__Output } from '../../../errand/agent/v1/FileChunk.ts';
import type { ListJobsReply as _errand_agent_v1_ListJobsReply, ListJobsReply__Output as _errand_agent_v1_ListJobsReply__Output } from '../../../errand/agent/v1/ListJobsReply.ts';
import type { ListJobsRequest as _errand_agent_v1_ListJobsRequest, ListJobsRequest__Output as _errand_agent_v1_ListJobsRequest__Output } from '../../../errand/agent/v1/ListJobsRequest.ts';
import type { OutputChunk as _errand_agent_v1_OutputChunk, OutputChunk__Output as _errand_agent_v1_OutputChunk__Output } from '../../../errand/agent/v1/OutputChunk.ts';
import type { ReadOutputRequest as _errand_agent_v1_ReadOutputRequest, ReadOutputRequest__Output as _errand_agent_v1_ReadOutputRequest__Output } from '../../../errand/agent/v1/ReadOutputRequest.ts';
import type { ReadProgressReply as _errand_agent_v1_ReadProgressReply, ReadProgressReply__Output as _errand_agent_v1_ReadProgressReply__Output } from '../../../errand/agent/v1/ReadProgressReply.ts';
import type { ReadProgressRequest as _errand_agent_v1_ReadProgressRequest, ReadProgressRequest__Output as _errand_agent_v1_ReadProgressRequest__Output } from '../../../errand/agent/v1/ReadProgressRequest.ts';
import type { SettleUpgradeRequest as _errand_agent_v1_SettleUpgradeRequest, SettleUpgradeRequest__Output as _errand_agent_v1_SettleUpgradeRequest__Output } from '../../../errand/agent/v1/SettleUpgradeRequest.ts';
import type { UpgradeChunk as _errand_agent_v1_UpgradeChunk, UpgradeChunk__Output as _errand_agent_v1_UpgradeChunk__Output } from '../../../errand/agent/v1/UpgradeChunk.ts';
import type { UpgradeReply as _errand_agent_v1_UpgradeReply, UpgradeReply__Output as _errand_agent_v1_UpgradeReply__Output } from '../../../errand/agent/v1/UpgradeReply.ts';
import type { UpgradeState as _errand_agent_v1_UpgradeState, UpgradeState__Output as _errand_agent_v1_UpgradeState__Output } from '../../../errand/agent/v1/UpgradeState.ts';
import type { UploadChunk as _errand_agent_v1_UploadChunk, UploadChunk__Output as _errand_agent_v1_UploadChunk__Output } from '../../../errand/agent/v1/UploadChunk.ts';
import type { UploadReply as _errand_agent_v1_UploadReply, UploadReply__Output as _errand_agent_v1_UploadReply__Output } from '../../../errand/agent/v1/UploadReply.ts';

export interface AgentClient extends grpc.Client {
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_errand_agent_v1_ControllerMessage, _errand_agent_v1_AgentMessage__Output>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_errand_agent_v1_ControllerMessage, _errand_agent_v1_AgentMessage__Output>;
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_errand_agent_v1_ControllerMessage, _errand_agent_v1_AgentMessage__Output>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_errand_agent_v1_ControllerMessage, _errand_agent_v1_AgentMessage__Output>;
  
  Download(argument: _errand_agent_v1_DownloadRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_FileChunk__Output>;
  Download(argument: _errand_agent_v1_DownloadRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_FileChunk__Output>;
  download(argument: _errand_agent_v1_DownloadRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_FileChunk__Output>;
  download(argument: _errand_agent_v1_DownloadRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_FileChunk__Output>;
  
  ListJobs(argument: _errand_agent_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _errand_agent_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _errand_agent_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  ListJobs(argument: _errand_agent_v1_ListJobsRequest, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _errand_agent_v1_ListJobsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _errand_agent_v1_ListJobsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _errand_agent_v1_ListJobsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  listJobs(argument: _errand_agent_v1_ListJobsRequest, callback: grpc.requestCallback<_errand_agent_v1_ListJobsReply__Output>): grpc.ClientUnaryCall;
  
  ReadOutput(argument: _errand_agent_v1_ReadOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_OutputChunk__Output>;
  ReadOutput(argument: _errand_agent_v1_ReadOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_OutputChunk__Output>;
  readOutput(argument: _errand_agent_v1_ReadOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_OutputChunk__Output>;
  readOutput(argument: _errand_agent_v1_ReadOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_agent_v1_OutputChunk__Output>;
  
  ReadProgress(argument: _errand_agent_v1_ReadProgressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  ReadProgress(argument: _errand_agent_v1_ReadProgressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  ReadProgress(argument: _errand_agent_v1_ReadProgressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  ReadProgress(argument: _errand_agent_v1_ReadProgressRequest, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  readProgress(argument: _errand_agent_v1_ReadProgressRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  readProgress(argument: _errand_agent_v1_ReadProgressRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  readProgress(argument: _errand_agent_v1_ReadProgressRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  readProgress(argument: _errand_agent_v1_ReadProgressRequest, callback: grpc.requestCallback<_errand_agent_v1_ReadProgressReply__Output>): grpc.ClientUnaryCall;
  
  SettleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  SettleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  SettleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  SettleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  settleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  settleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  settleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  settleUpgrade(argument: _errand_agent_v1_SettleUpgradeRequest, callback: grpc.requestCallback<_errand_agent_v1_UpgradeState__Output>): grpc.ClientUnaryCall;
  
  Upgrade(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  Upgrade(metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  Upgrade(options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  Upgrade(callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  upgrade(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  upgrade(metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  upgrade(options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  upgrade(callback: grpc.requestCallback<_errand_agent_v1_UpgradeReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UpgradeChunk>;
  
  Upload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  Upload(metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  Upload(options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  Upload(callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  upload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  upload(metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  upload(options: grpc.CallOptions, callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  upload(callback: grpc.requestCallback<_errand_agent_v1_UploadReply__Output>): grpc.ClientWritableStream<_errand_agent_v1_UploadChunk>;
  
}

export interface AgentHandlers extends grpc.UntypedServiceImplementation {
  Connect: grpc.handleBidiStreamingCall<_errand_agent_v1_ControllerMessage__Output, _errand_agent_v1_AgentMessage>;
  
  Download: grpc.handleServerStreamingCall<_errand_agent_v1_DownloadRequest__Output, _errand_agent_v1_FileChunk>;
  
  ListJobs: grpc.handleUnaryCall<_errand_agent_v1_ListJobsRequest__Output, _errand_agent_v1_ListJobsReply>;
  
  ReadOutput: grpc.handleServerStreamingCall<_errand_agent_v1_ReadOutputRequest__Output, _errand_agent_v1_OutputChunk>;
  
  ReadProgress: grpc.handleUnaryCall<_errand_agent_v1_ReadProgressRequest__Output, _errand_agent_v1_ReadProgressReply>;
  
  SettleUpgrade: grpc.handleUnaryCall<_errand_agent_v1_SettleUpgradeRequest__Output, _errand_agent_v1_UpgradeState>;
  
  Upgrade: grpc.handleClientStreamingCall<_errand_agent_v1_UpgradeChunk__Output, _errand_agent_v1_UpgradeReply>;
  
  Upload: grpc.handleClientStreamingCall<_errand_agent_v1_UploadChunk__Output, _errand_agent_v1_UploadReply>;
  
}

export interface AgentDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_errand_agent_v1_ControllerMessage, _errand_agent_v1_AgentMessage, _errand_agent_v1_ControllerMessage__Output, _errand_agent_v1_AgentMessage__Output>
  Download: MethodDefinition<_errand_agent_v1_DownloadRequest, _errand_agent_v1_FileChunk, _errand_agent_v1_DownloadRequest__Output, _errand_agent_v1_FileChunk__Output>
  ListJobs: MethodDefinition<_errand_agent_v1_ListJobsRequest, _errand_agent_v1_ListJobsReply, _errand_agent_v1_ListJobsRequest__Output, _errand_agent_v1_ListJobsReply__Output>
  ReadOutput: MethodDefinition<_errand_agent_v1_ReadOutputRequest, _errand_agent_v1_OutputChunk, _errand_agent_v1_ReadOutputRequest__Output, _errand_agent_v1_OutputChunk__Output>
  ReadProgress: MethodDefinition<_errand_agent_v1_ReadProgressRequest, _errand_agent_v1_ReadProgressReply, _errand_agent_v1_ReadProgressRequest__Output, _errand_agent_v1_ReadProgressReply__Output>
  SettleUpgrade: MethodDefinition<_errand_agent_v1_SettleUpgradeRequest, _errand_agent_v1_UpgradeState, _errand_agent_v1_SettleUpgradeRequest__Output, _errand_agent_v1_UpgradeState__Output>
  Upgrade: MethodDefinition<_errand_agent_v1_UpgradeChunk, _errand_agent_v1_UpgradeReply, _errand_agent_v1_UpgradeChunk__Output, _errand_agent_v1_UpgradeReply__Output>
  Upload: MethodDefinition<_errand_agent_v1_UploadChunk, _errand_agent_v1_UploadReply, _errand_agent_v1_UploadChunk__Output, _errand_agent_v1_UploadReply__Output>
}
