import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AnswerRunReply as _errand_control_v1_AnswerRunReply, AnswerRunReply__Output as _errand_control_v1_AnswerRunReply__Output } from './errand/control/v1/AnswerRunReply.ts';
import type { AnswerRunRequest as _errand_control_v1_AnswerRunRequest, AnswerRunRequest__Output as _errand_control_v1_AnswerRunRequest__Output } from './errand/control/v1/AnswerRunRequest.ts';
import type { CancelJobsRequest as _errand_control_v1_CancelJobsRequest, CancelJobsRequest__Output as _errand_control_v1_CancelJobsRequest__Output } from './errand/control/v1/CancelJobsRequest.ts';
import type { ControlClient as _errand_control_v1_ControlClient, ControlDefinition as _errand_control_v1_ControlDefinition } from './errand/control/v1/Control.ts';
import type { FindRunRequest as _errand_control_v1_FindRunRequest, FindRunRequest__Output as _errand_control_v1_FindRunRequest__Output } from './errand/control/v1/FindRunRequest.ts';
import type { Host as _errand_control_v1_Host, Host__Output as _errand_control_v1_Host__Output } from './errand/control/v1/Host.ts';
import type { InstallEvent as _errand_control_v1_InstallEvent, InstallEvent__Output as _errand_control_v1_InstallEvent__Output } from './errand/control/v1/InstallEvent.ts';
import type { InstallRequest as _errand_control_v1_InstallRequest, InstallRequest__Output as _errand_control_v1_InstallRequest__Output } from './errand/control/v1/InstallRequest.ts';
import type { Job as _errand_control_v1_Job, Job__Output as _errand_control_v1_Job__Output } from './errand/control/v1/Job.ts';
import type { JobFilter as _errand_control_v1_JobFilter, JobFilter__Output as _errand_control_v1_JobFilter__Output } from './errand/control/v1/JobFilter.ts';
import type { JobHolder as _errand_control_v1_JobHolder, JobHolder__Output as _errand_control_v1_JobHolder__Output } from './errand/control/v1/JobHolder.ts';
import type { JobOffset as _errand_control_v1_JobOffset, JobOffset__Output as _errand_control_v1_JobOffset__Output } from './errand/control/v1/JobOffset.ts';
import type { JobUsage as _errand_control_v1_JobUsage, JobUsage__Output as _errand_control_v1_JobUsage__Output } from './errand/control/v1/JobUsage.ts';
import type { ListHostsRequest as _errand_control_v1_ListHostsRequest, ListHostsRequest__Output as _errand_control_v1_ListHostsRequest__Output } from './errand/control/v1/ListHostsRequest.ts';
import type { ListPromptsReply as _errand_control_v1_ListPromptsReply, ListPromptsReply__Output as _errand_control_v1_ListPromptsReply__Output } from './errand/control/v1/ListPromptsReply.ts';
import type { ListPromptsRequest as _errand_control_v1_ListPromptsRequest, ListPromptsRequest__Output as _errand_control_v1_ListPromptsRequest__Output } from './errand/control/v1/ListPromptsRequest.ts';
import type { ListRunsRequest as _errand_control_v1_ListRunsRequest, ListRunsRequest__Output as _errand_control_v1_ListRunsRequest__Output } from './errand/control/v1/ListRunsRequest.ts';
import type { Output as _errand_control_v1_Output, Output__Output as _errand_control_v1_Output__Output } from './errand/control/v1/Output.ts';
import type { PruneRunsRequest as _errand_control_v1_PruneRunsRequest, PruneRunsRequest__Output as _errand_control_v1_PruneRunsRequest__Output } from './errand/control/v1/PruneRunsRequest.ts';
import type { ReadSettingsReply as _errand_control_v1_ReadSettingsReply, ReadSettingsReply__Output as _errand_control_v1_ReadSettingsReply__Output } from './errand/control/v1/ReadSettingsReply.ts';
import type { ReadSettingsRequest as _errand_control_v1_ReadSettingsRequest, ReadSettingsRequest__Output as _errand_control_v1_ReadSettingsRequest__Output } from './errand/control/v1/ReadSettingsRequest.ts';
import type { Run as _errand_control_v1_Run, Run__Output as _errand_control_v1_Run__Output } from './errand/control/v1/Run.ts';
import type { RunEvent as _errand_control_v1_RunEvent, RunEvent__Output as _errand_control_v1_RunEvent__Output } from './errand/control/v1/RunEvent.ts';
import type { ShowInventoryReply as _errand_control_v1_ShowInventoryReply, ShowInventoryReply__Output as _errand_control_v1_ShowInventoryReply__Output } from './errand/control/v1/ShowInventoryReply.ts';
import type { ShowInventoryRequest as _errand_control_v1_ShowInventoryRequest, ShowInventoryRequest__Output as _errand_control_v1_ShowInventoryRequest__Output } from './errand/control/v1/ShowInventoryRequest.ts';
import type { StartRunReply as _errand_control_v1_StartRunReply, StartRunReply__Output as _errand_control_v1_StartRunReply__Output } from './errand/control/v1/StartRunReply.ts';
import type { StartRunRequest as _errand_control_v1_StartRunRequest, StartRunRequest__Output as _errand_control_v1_StartRunRequest__Output } from './errand/control/v1/StartRunRequest.ts';
import type { StatusReply as _errand_control_v1_StatusReply, StatusReply__Output as _errand_control_v1_StatusReply__Output } from './errand/control/v1/StatusReply.ts';
import type { StatusRequest as _errand_control_v1_StatusRequest, StatusRequest__Output as _errand_control_v1_StatusRequest__Output } from './errand/control/v1/StatusRequest.ts';
import type { StopReply as _errand_control_v1_StopReply, StopReply__Output as _errand_control_v1_StopReply__Output } from './errand/control/v1/StopReply.ts';
import type { StopRequest as _errand_control_v1_StopRequest, StopRequest__Output as _errand_control_v1_StopRequest__Output } from './errand/control/v1/StopRequest.ts';
import type { StopRunReply as _errand_control_v1_StopRunReply, StopRunReply__Output as _errand_control_v1_StopRunReply__Output } from './errand/control/v1/StopRunReply.ts';
import type { StopRunRequest as _errand_control_v1_StopRunRequest, StopRunRequest__Output as _errand_control_v1_StopRunRequest__Output } from './errand/control/v1/StopRunRequest.ts';
import type { WatchOutputRequest as _errand_control_v1_WatchOutputRequest, WatchOutputRequest__Output as _errand_control_v1_WatchOutputRequest__Output } from './errand/control/v1/WatchOutputRequest.ts';
import type { WatchRunRequest as _errand_control_v1_WatchRunRequest, WatchRunRequest__Output as _errand_control_v1_WatchRunRequest__Output } from './errand/control/v1/WatchRunRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  errand: {
    control: {
      v1: {
        AnswerRunReply: MessageTypeDefinition<_errand_control_v1_AnswerRunReply, _errand_control_v1_AnswerRunReply__Output>
        AnswerRunRequest: MessageTypeDefinition<_errand_control_v1_AnswerRunRequest, _errand_control_v1_AnswerRunRequest__Output>
        CancelJobsRequest: MessageTypeDefinition<_errand_control_v1_CancelJobsRequest, _errand_control_v1_CancelJobsRequest__Output>
        Control: SubtypeConstructor<typeof grpc.Client, _errand_control_v1_ControlClient> & { service: _errand_control_v1_ControlDefinition }
        FindRunRequest: MessageTypeDefinition<_errand_control_v1_FindRunRequest, _errand_control_v1_FindRunRequest__Output>
        Host: MessageTypeDefinition<_errand_control_v1_Host, _errand_control_v1_Host__Output>
        InstallEvent: MessageTypeDefinition<_errand_control_v1_InstallEvent, _errand_control_v1_InstallEvent__Output>
        InstallRequest: MessageTypeDefinition<_errand_control_v1_InstallRequest, _errand_control_v1_InstallRequest__Output>
        Job: MessageTypeDefinition<_errand_control_v1_Job, _errand_control_v1_Job__Output>
        JobFilter: MessageTypeDefinition<_errand_control_v1_JobFilter, _errand_control_v1_JobFilter__Output>
        JobHolder: MessageTypeDefinition<_errand_control_v1_JobHolder, _errand_control_v1_JobHolder__Output>
        JobOffset: MessageTypeDefinition<_errand_control_v1_JobOffset, _errand_control_v1_JobOffset__Output>
        JobUsage: MessageTypeDefinition<_errand_control_v1_JobUsage, _errand_control_v1_JobUsage__Output>
        ListHostsRequest: MessageTypeDefinition<_errand_control_v1_ListHostsRequest, _errand_control_v1_ListHostsRequest__Output>
        ListPromptsReply: MessageTypeDefinition<_errand_control_v1_ListPromptsReply, _errand_control_v1_ListPromptsReply__Output>
        ListPromptsRequest: MessageTypeDefinition<_errand_control_v1_ListPromptsRequest, _errand_control_v1_ListPromptsRequest__Output>
        ListRunsRequest: MessageTypeDefinition<_errand_control_v1_ListRunsRequest, _errand_control_v1_ListRunsRequest__Output>
        Output: MessageTypeDefinition<_errand_control_v1_Output, _errand_control_v1_Output__Output>
        PruneRunsRequest: MessageTypeDefinition<_errand_control_v1_PruneRunsRequest, _errand_control_v1_PruneRunsRequest__Output>
        ReadSettingsReply: MessageTypeDefinition<_errand_control_v1_ReadSettingsReply, _errand_control_v1_ReadSettingsReply__Output>
        ReadSettingsRequest: MessageTypeDefinition<_errand_control_v1_ReadSettingsRequest, _errand_control_v1_ReadSettingsRequest__Output>
        Run: MessageTypeDefinition<_errand_control_v1_Run, _errand_control_v1_Run__Output>
        RunEvent: MessageTypeDefinition<_errand_control_v1_RunEvent, _errand_control_v1_RunEvent__Output>
        ShowInventoryReply: MessageTypeDefinition<_errand_control_v1_ShowInventoryReply, _errand_control_v1_ShowInventoryReply__Output>
        ShowInventoryRequest: MessageTypeDefinition<_errand_control_v1_ShowInventoryRequest, _errand_control_v1_ShowInventoryRequest__Output>
        StartRunReply: MessageTypeDefinition<_errand_control_v1_StartRunReply, _errand_control_v1_StartRunReply__Output>
        StartRunRequest: MessageTypeDefinition<_errand_control_v1_StartRunRequest, _errand_control_v1_StartRunRequest__Output>
        StatusReply: MessageTypeDefinition<_errand_control_v1_StatusReply, _errand_control_v1_StatusReply__Output>
        StatusRequest: MessageTypeDefinition<_errand_control_v1_StatusRequest, _errand_control_v1_StatusRequest__Output>
        StopReply: MessageTypeDefinition<_errand_control_v1_StopReply, _errand_control_v1_StopReply__Output>
        StopRequest: MessageTypeDefinition<_errand_control_v1_StopRequest, _errand_control_v1_StopRequest__Output>
        StopRunReply: MessageTypeDefinition<_errand_control_v1_StopRunReply, _errand_control_v1_StopRunReply__Output>
        StopRunRequest: MessageTypeDefinition<_errand_control_v1_StopRunRequest, _errand_control_v1_StopRunRequest__Output>
        WatchOutputRequest: MessageTypeDefinition<_errand_control_v1_WatchOutputRequest, _errand_control_v1_WatchOutputRequest__Output>
        WatchRunRequest: MessageTypeDefinition<_errand_control_v1_WatchRunRequest, _errand_control_v1_WatchRunRequest__Output>
      }
    }
  }
}

