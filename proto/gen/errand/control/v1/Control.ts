// Original file: proto/control.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AnswerRunReply as _errand_control_v1_AnswerRunReply, AnswerRunReply__Output as _errand_control_v1_AnswerRunReply__Output } from '../../../errand/control/v1/AnswerRunReply.ts';
import type { AnswerRunRequest as _errand_control_v1_AnswerRunRequest, AnswerRunRequest__Output as _errand_control_v1_AnswerRunRequest__Output } from '../../../errand/control/v1/AnswerRunRequest.ts';
import type { CancelJobsRequest as _errand_control_v1_CancelJobsRequest, CancelJobsRequest__Output as _errand_control_v1_CancelJobsRequest__Output } from '../../../errand/control/v1/CancelJobsRequest.ts';
import type { FindRunRequest as _errand_control_v1_FindRunRequest, FindRunRequest__Output as _errand_control_v1_FindRunRequest__Output } from '../../../errand/control/v1/FindRunRequest.ts';
import type { Host as _errand_control_v1_Host, Host__Output as _errand_control_v1_Host__Output } from '../../../errand/control/v1/Host.ts';
import type { InstallEvent as _errand_control_v1_InstallEvent, InstallEvent__Output as _errand_control_v1_InstallEvent__Output } from '../../../errand/control/v1/InstallEvent.ts';
import type { InstallRequest as _errand_control_v1_InstallRequest, InstallRequest__Output as _errand_control_v1_InstallRequest__Output } from '../../../errand/control/v1/InstallRequest.ts';
import type { Job as _errand_control_v1_Job, Job__Output as _errand_control_v1_Job__Output } from '../../../errand/control/v1/Job.ts';
import type { JobFilter as _errand_control_v1_JobFilter, JobFilter__Output as _errand_control_v1_JobFilter__Output } from '../../../errand/control/v1/JobFilter.ts';
import type { ListHostsRequest as _errand_control_v1_ListHostsRequest, ListHostsRequest__Output as _errand_control_v1_ListHostsRequest__Output } from '../../../errand/control/v1/ListHostsRequest.ts';
import type { ListPromptsReply as _errand_control_v1_ListPromptsReply, ListPromptsReply__Output as _errand_control_v1_ListPromptsReply__Output } from '../../../errand/control/v1/ListPromptsReply.ts';
import type { ListPromptsRequest as _errand_control_v1_ListPromptsRequest, ListPromptsRequest__Output as _errand_control_v1_ListPromptsRequest__Output } from '../../../errand/control/v1/ListPromptsRequest.ts';
import type { ListRunsRequest as _errand_control_v1_ListRunsRequest, ListRunsRequest__Output as _errand_control_v1_ListRunsRequest__Output } from '../../../errand/control/v1/ListRunsRequest.ts';
import type { Output as _errand_control_v1_Output, Output__Output as _errand_control_v1_Output__Output } from '../../../errand/control/v1/Output.ts';
import type { PruneRunsRequest as _errand_control_v1_PruneRunsRequest, PruneRunsRequest__Output as _errand_control_v1_PruneRunsRequest__Output } from '../../../errand/control/v1/PruneRunsRequest.ts';
import type { ReadSettingsReply as _errand_control_v1_ReadSettingsReply, ReadSettingsReply__Output as _errand_control_v1_ReadSettingsReply__Output } from '../../../errand/control/v1/ReadSettingsReply.ts';
import type { ReadSettingsRequest as _errand_control_v1_ReadSettingsRequest, ReadSettingsRequest__Output as _errand_control_v1_ReadSettingsRequest__Output } from '../../../errand/control/v1/ReadSettingsRequest.ts';
import type { Run as _errand_control_v1_Run, Run__Output as _errand_control_v1_Run__Output } from '../../../errand/control/v1/Run.ts';
import type { RunEvent as _errand_control_v1_RunEvent, RunEvent__Output as _errand_control_v1_RunEvent__Output } from '../../../errand/control/v1/RunEvent.ts';
import type { ShowInventoryReply as _errand_control_v1_ShowInventoryReply, ShowInventoryReply__Output as _errand_control_v1_ShowInventoryReply__Output } from '../../../errand/control/v1/ShowInventoryReply.ts';
import type { ShowInventoryRequest as _errand_control_v1_ShowInventoryRequest, ShowInventoryRequest__Output as _errand_control_v1_ShowInventoryRequest__Output } from '../../../errand/control/v1/ShowInventoryRequest.ts';
import type { StartRunReply as _errand_control_v1_StartRunReply, StartRunReply__Output as _errand_control_v1_StartRunReply__Output } from '../../../errand/control/v1/StartRunReply.ts';
import type { StartRunRequest as _errand_control_v1_StartRunRequest, StartRunRequest__Output as _errand_control_v1_StartRunRequest__Output } from '../../../errand/control/v1/StartRunRequest.ts';
import type { StatusReply as _errand_control_v1_StatusReply, StatusReply__Output as _errand_control_v1_StatusReply__Output } from '../../../errand/control/v1/StatusReply.ts';
import type { StatusRequest as _errand_control_v1_StatusRequest, StatusRequest__Output as _errand_control_v1_StatusRequest__Output } from '../../../errand/control/v1/StatusRequest.ts';
import type { StopReply as _errand_control_v1_StopReply, StopReply__Output as _errand_control_v1_StopReply__Output } from '../../../errand/control/v1/StopReply.ts';
import type { StopRequest as _errand_control_v1_StopRequest, StopRequest__Output as _errand_control_v1_StopRequest__Output } from '../../../errand/control/v1/StopRequest.ts';
import type { StopRunReply as _errand_control_v1_StopRunReply, StopRunReply__Output as _errand_control_v1_StopRunReply__Output } from '../../../errand/control/v1/StopRunReply.ts';
import type { StopRunRequest as _errand_control_v1_StopRunRequest, StopRunRequest__Output as _errand_control_v1_StopRunRequest__Output } from '../../../errand/control/v1/StopRunRequest.ts';
import type { WatchOutputRequest as _errand_control_v1_WatchOutputRequest, WatchOutputRequest__Output as _errand_control_v1_WatchOutputRequest__Output } from '../../../errand/control/v1/WatchOutputRequest.ts';
import type { WatchRunRequest as _errand_control_v1_WatchRunRequest, WatchRunRequest__Output as _errand_control_v1_WatchRunRequest__Output } from '../../../errand/control/v1/WatchRunRequest.ts';

export interface ControlClient extends grpc.Client {
  AnswerRun(argument: _errand_control_v1_AnswerRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  AnswerRun(argument: _errand_control_v1_AnswerRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  AnswerRun(argument: _errand_control_v1_AnswerRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  AnswerRun(argument: _errand_control_v1_AnswerRunRequest, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  answerRun(argument: _errand_control_v1_AnswerRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  answerRun(argument: _errand_control_v1_AnswerRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  answerRun(argument: _errand_control_v1_AnswerRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  answerRun(argument: _errand_control_v1_AnswerRunRequest, callback: grpc.requestCallback<_errand_control_v1_AnswerRunReply__Output>): grpc.ClientUnaryCall;
  
  CancelJobs(argument: _errand_control_v1_CancelJobsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  CancelJobs(argument: _errand_control_v1_CancelJobsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  cancelJobs(argument: _errand_control_v1_CancelJobsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  cancelJobs(argument: _errand_control_v1_CancelJobsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  
  FindRun(argument: _errand_control_v1_FindRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  FindRun(argument: _errand_control_v1_FindRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  FindRun(argument: _errand_control_v1_FindRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  FindRun(argument: _errand_control_v1_FindRunRequest, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  findRun(argument: _errand_control_v1_FindRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  findRun(argument: _errand_control_v1_FindRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  findRun(argument: _errand_control_v1_FindRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  findRun(argument: _errand_control_v1_FindRunRequest, callback: grpc.requestCallback<_errand_control_v1_Run__Output>): grpc.ClientUnaryCall;
  
  Install(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  Install(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  install(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  install(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  
  ListHosts(argument: _errand_control_v1_ListHostsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Host__Output>;
  ListHosts(argument: _errand_control_v1_ListHostsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Host__Output>;
  listHosts(argument: _errand_control_v1_ListHostsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Host__Output>;
  listHosts(argument: _errand_control_v1_ListHostsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Host__Output>;
  
  ListJobs(argument: _errand_control_v1_JobFilter, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  ListJobs(argument: _errand_control_v1_JobFilter, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  listJobs(argument: _errand_control_v1_JobFilter, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  listJobs(argument: _errand_control_v1_JobFilter, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  
  ListPrompts(argument: _errand_control_v1_ListPromptsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  ListPrompts(argument: _errand_control_v1_ListPromptsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  ListPrompts(argument: _errand_control_v1_ListPromptsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  ListPrompts(argument: _errand_control_v1_ListPromptsRequest, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  listPrompts(argument: _errand_control_v1_ListPromptsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  listPrompts(argument: _errand_control_v1_ListPromptsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  listPrompts(argument: _errand_control_v1_ListPromptsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  listPrompts(argument: _errand_control_v1_ListPromptsRequest, callback: grpc.requestCallback<_errand_control_v1_ListPromptsReply__Output>): grpc.ClientUnaryCall;
  
  ListRuns(argument: _errand_control_v1_ListRunsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  ListRuns(argument: _errand_control_v1_ListRunsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  listRuns(argument: _errand_control_v1_ListRunsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  listRuns(argument: _errand_control_v1_ListRunsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  
  PruneRuns(argument: _errand_control_v1_PruneRunsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  PruneRuns(argument: _errand_control_v1_PruneRunsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  pruneRuns(argument: _errand_control_v1_PruneRunsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  pruneRuns(argument: _errand_control_v1_PruneRunsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Run__Output>;
  
  ReadSettings(argument: _errand_control_v1_ReadSettingsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  ReadSettings(argument: _errand_control_v1_ReadSettingsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  ReadSettings(argument: _errand_control_v1_ReadSettingsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  ReadSettings(argument: _errand_control_v1_ReadSettingsRequest, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  readSettings(argument: _errand_control_v1_ReadSettingsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  readSettings(argument: _errand_control_v1_ReadSettingsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  readSettings(argument: _errand_control_v1_ReadSettingsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  readSettings(argument: _errand_control_v1_ReadSettingsRequest, callback: grpc.requestCallback<_errand_control_v1_ReadSettingsReply__Output>): grpc.ClientUnaryCall;
  
  ShowInventory(argument: _errand_control_v1_ShowInventoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  ShowInventory(argument: _errand_control_v1_ShowInventoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  ShowInventory(argument: _errand_control_v1_ShowInventoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  ShowInventory(argument: _errand_control_v1_ShowInventoryRequest, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  showInventory(argument: _errand_control_v1_ShowInventoryRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  showInventory(argument: _errand_control_v1_ShowInventoryRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  showInventory(argument: _errand_control_v1_ShowInventoryRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  showInventory(argument: _errand_control_v1_ShowInventoryRequest, callback: grpc.requestCallback<_errand_control_v1_ShowInventoryReply__Output>): grpc.ClientUnaryCall;
  
  StartRun(argument: _errand_control_v1_StartRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  StartRun(argument: _errand_control_v1_StartRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  StartRun(argument: _errand_control_v1_StartRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  StartRun(argument: _errand_control_v1_StartRunRequest, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  startRun(argument: _errand_control_v1_StartRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  startRun(argument: _errand_control_v1_StartRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  startRun(argument: _errand_control_v1_StartRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  startRun(argument: _errand_control_v1_StartRunRequest, callback: grpc.requestCallback<_errand_control_v1_StartRunReply__Output>): grpc.ClientUnaryCall;
  
  Status(argument: _errand_control_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  Status(argument: _errand_control_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  Status(argument: _errand_control_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  Status(argument: _errand_control_v1_StatusRequest, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  status(argument: _errand_control_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  status(argument: _errand_control_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  status(argument: _errand_control_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  status(argument: _errand_control_v1_StatusRequest, callback: grpc.requestCallback<_errand_control_v1_StatusReply__Output>): grpc.ClientUnaryCall;
  
  Stop(argument: _errand_control_v1_StopRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  Stop(argument: _errand_control_v1_StopRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  Stop(argument: _errand_control_v1_StopRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  Stop(argument: _errand_control_v1_StopRequest, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  stop(argument: _errand_control_v1_StopRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  stop(argument: _errand_control_v1_StopRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  stop(argument: _errand_control_v1_StopRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  stop(argument: _errand_control_v1_StopRequest, callback: grpc.requestCallback<_errand_control_v1_StopReply__Output>): grpc.ClientUnaryCall;
  
  StopRun(argument: _errand_control_v1_StopRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  StopRun(argument: _errand_control_v1_StopRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  StopRun(argument: _errand_control_v1_StopRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  StopRun(argument: _errand_control_v1_StopRunRequest, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  stopRun(argument: _errand_control_v1_StopRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  stopRun(argument: _errand_control_v1_StopRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  stopRun(argument: _errand_control_v1_StopRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  stopRun(argument: _errand_control_v1_StopRunRequest, callback: grpc.requestCallback<_errand_control_v1_StopRunReply__Output>): grpc.ClientUnaryCall;
  
  Uninstall(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  Uninstall(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  uninstall(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  uninstall(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  
  Upgrade(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  Upgrade(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  upgrade(argument: _errand_control_v1_InstallRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  upgrade(argument: _errand_control_v1_InstallRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_InstallEvent__Output>;
  
  WaitJobs(argument: _errand_control_v1_JobFilter, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  WaitJobs(argument: _errand_control_v1_JobFilter, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  waitJobs(argument: _errand_control_v1_JobFilter, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  waitJobs(argument: _errand_control_v1_JobFilter, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Job__Output>;
  
  WatchOutput(argument: _errand_control_v1_WatchOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Output__Output>;
  WatchOutput(argument: _errand_control_v1_WatchOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Output__Output>;
  watchOutput(argument: _errand_control_v1_WatchOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Output__Output>;
  watchOutput(argument: _errand_control_v1_WatchOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_Output__Output>;
  
  WatchRun(argument: _errand_control_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_RunEvent__Output>;
  WatchRun(argument: _errand_control_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_RunEvent__Output>;
  watchRun(argument: _errand_control_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_RunEvent__Output>;
  watchRun(argument: _errand_control_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_errand_control_v1_RunEvent__Output>;
  
}

export interface ControlHandlers extends grpc.UntypedServiceImplementation {
  AnswerRun: grpc.handleUnaryCall<_errand_control_v1_AnswerRunRequest__Output, _errand_control_v1_AnswerRunReply>;
  
  CancelJobs: grpc.handleServerStreamingCall<_errand_control_v1_CancelJobsRequest__Output, _errand_control_v1_Job>;
  
  FindRun: grpc.handleUnaryCall<_errand_control_v1_FindRunRequest__Output, _errand_control_v1_Run>;
  
  Install: grpc.handleServerStreamingCall<_errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent>;
  
  ListHosts: grpc.handleServerStreamingCall<_errand_control_v1_ListHostsRequest__Output, _errand_control_v1_Host>;
  
  ListJobs: grpc.handleServerStreamingCall<_errand_control_v1_JobFilter__Output, _errand_control_v1_Job>;
  
  ListPrompts: grpc.handleUnaryCall<_errand_control_v1_ListPromptsRequest__Output, _errand_control_v1_ListPromptsReply>;
  
  ListRuns: grpc.handleServerStreamingCall<_errand_control_v1_ListRunsRequest__Output, _errand_control_v1_Run>;
  
  PruneRuns: grpc.handleServerStreamingCall<_errand_control_v1_PruneRunsRequest__Output, _errand_control_v1_Run>;
  
  ReadSettings: grpc.handleUnaryCall<_errand_control_v1_ReadSettingsRequest__Output, _errand_control_v1_ReadSettingsReply>;
  
  ShowInventory: grpc.handleUnaryCall<_errand_control_v1_ShowInventoryRequest__Output, _errand_control_v1_ShowInventoryReply>;
  
  StartRun: grpc.handleUnaryCall<_errand_control_v1_StartRunRequest__Output, _errand_control_v1_StartRunReply>;
  
  Status: grpc.handleUnaryCall<_errand_control_v1_StatusRequest__Output, _errand_control_v1_StatusReply>;
  
  Stop: grpc.handleUnaryCall<_errand_control_v1_StopRequest__Output, _errand_control_v1_StopReply>;
  
  StopRun: grpc.handleUnaryCall<_errand_control_v1_StopRunRequest__Output, _errand_control_v1_StopRunReply>;
  
  Uninstall: grpc.handleServerStreamingCall<_errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent>;
  
  Upgrade: grpc.handleServerStreamingCall<_errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent>;
  
  WaitJobs: grpc.handleServerStreamingCall<_errand_control_v1_JobFilter__Output, _errand_control_v1_Job>;
  
  WatchOutput: grpc.handleServerStreamingCall<_errand_control_v1_WatchOutputRequest__Output, _errand_control_v1_Output>;
  
  WatchRun: grpc.handleServerStreamingCall<_errand_control_v1_WatchRunRequest__Output, _errand_control_v1_RunEvent>;
  
}

export interface ControlDefinition extends grpc.ServiceDefinition {
  AnswerRun: MethodDefinition<_errand_control_v1_AnswerRunRequest, _errand_control_v1_AnswerRunReply, _errand_control_v1_AnswerRunRequest__Output, _errand_control_v1_AnswerRunReply__Output>
  CancelJobs: MethodDefinition<_errand_control_v1_CancelJobsRequest, _errand_control_v1_Job, _errand_control_v1_CancelJobsRequest__Output, _errand_control_v1_Job__Output>
  FindRun: MethodDefinition<_errand_control_v1_FindRunRequest, _errand_control_v1_Run, _errand_control_v1_FindRunRequest__Output, _errand_control_v1_Run__Output>
  Install: MethodDefinition<_errand_control_v1_InstallRequest, _errand_control_v1_InstallEvent, _errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent__Output>
  ListHosts: MethodDefinition<_errand_control_v1_ListHostsRequest, _errand_control_v1_Host, _errand_control_v1_ListHostsRequest__Output, _errand_control_v1_Host__Output>
  ListJobs: MethodDefinition<_errand_control_v1_JobFilter, _errand_control_v1_Job, _errand_control_v1_JobFilter__Output, _errand_control_v1_Job__Output>
  ListPrompts: MethodDefinition<_errand_control_v1_ListPromptsRequest, _errand_control_v1_ListPromptsReply, _errand_control_v1_ListPromptsRequest__Output, _errand_control_v1_ListPromptsReply__Output>
  ListRuns: MethodDefinition<_errand_control_v1_ListRunsRequest, _errand_control_v1_Run, _errand_control_v1_ListRunsRequest__Output, _errand_control_v1_Run__Output>
  PruneRuns: MethodDefinition<_errand_control_v1_PruneRunsRequest, _errand_control_v1_Run, _errand_control_v1_PruneRunsRequest__Output, _errand_control_v1_Run__Output>
  ReadSettings: MethodDefinition<_errand_control_v1_ReadSettingsRequest, _errand_control_v1_ReadSettingsReply, _errand_control_v1_ReadSettingsRequest__Output, _errand_control_v1_ReadSettingsReply__Output>
  ShowInventory: MethodDefinition<_errand_control_v1_ShowInventoryRequest, _errand_control_v1_ShowInventoryReply, _errand_control_v1_ShowInventoryRequest__Output, _errand_control_v1_ShowInventoryReply__Output>
  StartRun: MethodDefinition<_errand_control_v1_StartRunRequest, _errand_control_v1_StartRunReply, _errand_control_v1_StartRunRequest__Output, _errand_control_v1_StartRunReply__Output>
  Status: MethodDefinition<_errand_control_v1_StatusRequest, _errand_control_v1_StatusReply, _errand_control_v1_StatusRequest__Output, _errand_control_v1_StatusReply__Output>
  Stop: MethodDefinition<_errand_control_v1_StopRequest, _errand_control_v1_StopReply, _errand_control_v1_StopRequest__Output, _errand_control_v1_StopReply__Output>
  StopRun: MethodDefinition<_errand_control_v1_StopRunRequest, _errand_control_v1_StopRunReply, _errand_control_v1_StopRunRequest__Output, _errand_control_v1_StopRunReply__Output>
  Uninstall: MethodDefinition<_errand_control_v1_InstallRequest, _errand_control_v1_InstallEvent, _errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent__Output>
  Upgrade: MethodDefinition<_errand_control_v1_InstallRequest, _errand_control_v1_InstallEvent, _errand_control_v1_InstallRequest__Output, _errand_control_v1_InstallEvent__Output>
  WaitJobs: MethodDefinition<_errand_control_v1_JobFilter, _errand_control_v1_Job, _errand_control_v1_JobFilter__Output, _errand_control_v1_Job__Output>
  WatchOutput: MethodDefinition<_errand_control_v1_WatchOutputRequest, _errand_control_v1_Output, _errand_control_v1_WatchOutputRequest__Output, _errand_control_v1_Output__Output>
  WatchRun: MethodDefinition<_errand_control_v1_WatchRunRequest, _errand_control_v1_RunEvent, _errand_control_v1_WatchRunRequest__Output, _errand_control_v1_RunEvent__Output>
}
