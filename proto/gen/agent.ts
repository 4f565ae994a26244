import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Acknowledge as _errand_agent_v1_Acknowledge, Acknowledge__Output as _errand_agent_v1_Acknowledge__Output } from './errand/agent/v1/Acknowledge.ts';
import type { AgentClient as _errand_agent_v1_AgentClient, AgentDefinition as _errand_agent_v1_AgentDefinition } from './errand/agent/v1/Agent.ts';
import type { AgentMessage as _errand_agent_v1_AgentMessage, AgentMessage__Output as _errand_agent_v1_AgentMessage__Output } from './errand/agent/v1/AgentMessage.ts';
import type { Answer as _errand_agent_v1_Answer, Answer__Output as _errand_agent_v1_Answer__Output } from './errand/agent/v1/Answer.ts';
import type { Cancel as _errand_agent_v1_Cancel, Cancel__Output as _errand_agent_v1_Cancel__Output } from './errand/agent/v1/Cancel.ts';
import type { Command as _errand_agent_v1_Command, Command__Output as _errand_agent_v1_Command__Output } from './errand/agent/v1/Command.ts';
import type { ControllerMessage as _errand_agent_v1_ControllerMessage, ControllerMessage__Output as _errand_agent_v1_ControllerMessage__Output } from './errand/agent/v1/ControllerMessage.ts';
import type { DownloadRequest as _errand_agent_v1_DownloadRequest, DownloadRequest__Output as _errand_agent_v1_DownloadRequest__Output } from './errand/agent/v1/DownloadRequest.ts';
import type { Failure as _errand_agent_v1_Failure, Failure__Output as _errand_agent_v1_Failure__Output } from './errand/agent/v1/Failure.ts';
import type { FileChunk as _errand_agent_v1_FileChunk, FileChunk__Output as _errand_agent_v1_FileChunk__Output } from './errand/agent/v1/FileChunk.ts';
import type { Forget as _errand_agent_v1_Forget, Forget__Output as _errand_agent_v1_Forget__Output } from './errand/agent/v1/Forget.ts';
import type { Heartbeat as _errand_agent_v1_Heartbeat, Heartbeat__Output as _errand_agent_v1_Heartbeat__Output } from './errand/agent/v1/Heartbeat.ts';
import type { Hello as _errand_agent_v1_Hello, Hello__Output as _errand_agent_v1_Hello__Output } from './errand/agent/v1/Hello.ts';
import type { InlineOutput as _errand_agent_v1_InlineOutput, InlineOutput__Output as _errand_agent_v1_InlineOutput__Output } from './errand/agent/v1/InlineOutput.ts';
import type { JobEvent as _errand_agent_v1_JobEvent, JobEvent__Output as _errand_agent_v1_JobEvent__Output } from './errand/agent/v1/JobEvent.ts';
import type { JobProgress as _errand_agent_v1_JobProgress, JobProgress__Output as _errand_agent_v1_JobProgress__Output } from './errand/agent/v1/JobProgress.ts';
import type { JobReport as _errand_agent_v1_JobReport, JobReport__Output as _errand_agent_v1_JobReport__Output } from './errand/agent/v1/JobReport.ts';
import type { JobSpec as _errand_agent_v1_JobSpec, JobSpec__Output as _errand_agent_v1_JobSpec__Output } from './errand/agent/v1/JobSpec.ts';
import type { JobUsage as _errand_agent_v1_JobUsage, JobUsage__Output as _errand_agent_v1_JobUsage__Output } from './errand/agent/v1/JobUsage.ts';
import type { ListJobsReply as _errand_agent_v1_ListJobsReply, ListJobsReply__Output as _errand_agent_v1_ListJobsReply__Output } from './errand/agent/v1/ListJobsReply.ts';
import type { ListJobsRequest as _errand_agent_v1_ListJobsRequest, ListJobsRequest__Output as _errand_agent_v1_ListJobsRequest__Output } from './errand/agent/v1/ListJobsRequest.ts';
import type { Look as _errand_agent_v1_Look, Look__Output as _errand_agent_v1_Look__Output } from './errand/agent/v1/Look.ts';
import type { Operation as _errand_agent_v1_Operation, Operation__Output as _errand_agent_v1_Operation__Output } from './errand/agent/v1/Operation.ts';
import type { OutputChunk as _errand_agent_v1_OutputChunk, OutputChunk__Output as _errand_agent_v1_OutputChunk__Output } from './errand/agent/v1/OutputChunk.ts';
import type { OutputCount as _errand_agent_v1_OutputCount, OutputCount__Output as _errand_agent_v1_OutputCount__Output } from './errand/agent/v1/OutputCount.ts';
import type { ProcessIdentity as _errand_agent_v1_ProcessIdentity, ProcessIdentity__Output as _errand_agent_v1_ProcessIdentity__Output } from './errand/agent/v1/ProcessIdentity.ts';
import type { ProgressQuestion as _errand_agent_v1_ProgressQuestion, ProgressQuestion__Output as _errand_agent_v1_ProgressQuestion__Output } from './errand/agent/v1/ProgressQuestion.ts';
import type { ReadOutputRequest as _errand_agent_v1_ReadOutputRequest, ReadOutputRequest__Output as _errand_agent_v1_ReadOutputRequest__Output } from './errand/agent/v1/ReadOutputRequest.ts';
import type { ReadProgressReply as _errand_agent_v1_ReadProgressReply, ReadProgressReply__Output as _errand_agent_v1_ReadProgressReply__Output } from './errand/agent/v1/ReadProgressReply.ts';
import type { ReadProgressRequest as _errand_agent_v1_ReadProgressRequest, ReadProgressRequest__Output as _errand_agent_v1_ReadProgressRequest__Output } from './errand/agent/v1/ReadProgressRequest.ts';
import type { RunAs as _errand_agent_v1_RunAs, RunAs__Output as _errand_agent_v1_RunAs__Output } from './errand/agent/v1/RunAs.ts';
import type { SettleUpgradeRequest as _errand_agent_v1_SettleUpgradeRequest, SettleUpgradeRequest__Output as _errand_agent_v1_SettleUpgradeRequest__Output } from './errand/agent/v1/SettleUpgradeRequest.ts';
import type { StartFailure as _errand_agent_v1_StartFailure, StartFailure__Output as _errand_agent_v1_StartFailure__Output } from './errand/agent/v1/StartFailure.ts';
import type { Submit as _errand_agent_v1_Submit, Submit__Output as _errand_agent_v1_Submit__Output } from './errand/agent/v1/Submit.ts';
import type { UpgradeChunk as _errand_agent_v1_UpgradeChunk, UpgradeChunk__Output as _errand_agent_v1_UpgradeChunk__Output } from './errand/agent/v1/UpgradeChunk.ts';
import type { UpgradeHead as _errand_agent_v1_UpgradeHead, UpgradeHead__Output as _errand_agent_v1_UpgradeHead__Output } from './errand/agent/v1/UpgradeHead.ts';
import type { UpgradeReply as _errand_agent_v1_UpgradeReply, UpgradeReply__Output as _errand_agent_v1_UpgradeReply__Output } from './errand/agent/v1/UpgradeReply.ts';
import type { UpgradeState as _errand_agent_v1_UpgradeState, UpgradeState__Output as _errand_agent_v1_UpgradeState__Output } from './errand/agent/v1/UpgradeState.ts';
import type { UploadChunk as _errand_agent_v1_UploadChunk, UploadChunk__Output as _errand_agent_v1_UploadChunk__Output } from './errand/agent/v1/UploadChunk.ts';
import type { UploadHead as _errand_agent_v1_UploadHead, UploadHead__Output as _errand_agent_v1_UploadHead__Output } from './errand/agent/v1/UploadHead.ts';
import type { UploadReply as _errand_agent_v1_UploadReply, UploadReply__Output as _errand_agent_v1_UploadReply__Output } from './errand/agent/v1/UploadReply.ts';
import type { Welcome as _errand_agent_v1_Welcome, Welcome__Output as _errand_agent_v1_Welcome__Output } from './errand/agent/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  errand: {
    agent: {
      v1: {
        Acknowledge: MessageTypeDefinition<_errand_agent_v1_Acknowledge, _errand_agent_v1_Acknowledge__Output>
        Agent: SubtypeConstructor<typeof grpc.Client, _errand_agent_v1_AgentClient> & { service: _errand_agent_v1_AgentDefinition }
        AgentMessage: MessageTypeDefinition<_errand_agent_v1_AgentMessage, _errand_agent_v1_AgentMessage__Output>
        Answer: MessageTypeDefinition<_errand_agent_v1_Answer, _errand_agent_v1_Answer__Output>
        Cancel: MessageTypeDefinition<_errand_agent_v1_Cancel, _errand_agent_v1_Cancel__Output>
        Command: MessageTypeDefinition<_errand_agent_v1_Command, _errand_agent_v1_Command__Output>
        ControllerMessage: MessageTypeDefinition<_errand_agent_v1_ControllerMessage, _errand_agent_v1_ControllerMessage__Output>
        DownloadRequest: MessageTypeDefinition<_errand_agent_v1_DownloadRequest, _errand_agent_v1_DownloadRequest__Output>
        Failure: MessageTypeDefinition<_errand_agent_v1_Failure, _errand_agent_v1_Failure__Output>
        FileChunk: MessageTypeDefinition<_errand_agent_v1_FileChunk, _errand_agent_v1_FileChunk__Output>
        Forget: MessageTypeDefinition<_errand_agent_v1_Forget, _errand_agent_v1_Forget__Output>
        Heartbeat: MessageTypeDefinition<_errand_agent_v1_Heartbeat, _errand_agent_v1_Heartbeat__Output>
        Hello: MessageTypeDefinition<_errand_agent_v1_Hello, _errand_agent_v1_Hello__Output>
        InlineOutput: MessageTypeDefinition<_errand_agent_v1_InlineOutput, _errand_agent_v1_InlineOutput__Output>
        JobEvent: MessageTypeDefinition<_errand_agent_v1_JobEvent, _errand_agent_v1_JobEvent__Output>
        JobProgress: MessageTypeDefinition<_errand_agent_v1_JobProgress, _errand_agent_v1_JobProgress__Output>
        JobReport: MessageTypeDefinition<_errand_agent_v1_JobReport, _errand_agent_v1_JobReport__Output>
        JobSpec: MessageTypeDefinition<_errand_agent_v1_JobSpec, _errand_agent_v1_JobSpec__Output>
        JobUsage: MessageTypeDefinition<_errand_agent_v1_JobUsage, _errand_agent_v1_JobUsage__Output>
        ListJobsReply: MessageTypeDefinition<_errand_agent_v1_ListJobsReply, _errand_agent_v1_ListJobsReply__Output>
        ListJobsRequest: MessageTypeDefinition<_errand_agent_v1_ListJobsRequest, _errand_agent_v1_ListJobsRequest__Output>
        Look: MessageTypeDefinition<_errand_agent_v1_Look, _errand_agent_v1_Look__Output>
        Operation: MessageTypeDefinition<_errand_agent_v1_Operation, _errand_agent_v1_Operation__Output>
        OutputChunk: MessageTypeDefinition<_errand_agent_v1_OutputChunk, _errand_agent_v1_OutputChunk__Output>
        OutputCount: MessageTypeDefinition<_errand_agent_v1_OutputCount, _errand_agent_v1_OutputCount__Output>
        ProcessIdentity: MessageTypeDefinition<_errand_agent_v1_ProcessIdentity, _errand_agent_v1_ProcessIdentity__Output>
        ProgressQuestion: MessageTypeDefinition<_errand_agent_v1_ProgressQuestion, _errand_agent_v1_ProgressQuestion__Output>
        ReadOutputRequest: MessageTypeDefinition<_errand_agent_v1_ReadOutputRequest, _errand_agent_v1_ReadOutputRequest__Output>
        ReadProgressReply: MessageTypeDefinition<_errand_agent_v1_ReadProgressReply, _errand_agent_v1_ReadProgressReply__Output>
        ReadProgressRequest: MessageTypeDefinition<_errand_agent_v1_ReadProgressRequest, _errand_agent_v1_ReadProgressRequest__Output>
        RunAs: MessageTypeDefinition<_errand_agent_v1_RunAs, _errand_agent_v1_RunAs__Output>
        SettleUpgradeRequest: MessageTypeDefinition<_errand_agent_v1_SettleUpgradeRequest, _errand_agent_v1_SettleUpgradeRequest__Output>
        StartFailure: MessageTypeDefinition<_errand_agent_v1_StartFailure, _errand_agent_v1_StartFailure__Output>
        Submit: MessageTypeDefinition<_errand_agent_v1_Submit, _errand_agent_v1_Submit__Output>
        UpgradeChunk: MessageTypeDefinition<_errand_agent_v1_UpgradeChunk, _errand_agent_v1_UpgradeChunk__Output>
        UpgradeHead: MessageTypeDefinition<_errand_agent_v1_UpgradeHead, _errand_agent_v1_UpgradeHead__Output>
        UpgradeReply: MessageTypeDefinition<_errand_agent_v1_UpgradeReply, _errand_agent_v1_UpgradeReply__Output>
        UpgradeState: MessageTypeDefinition<_errand_agent_v1_UpgradeState, _errand_agent_v1_UpgradeState__Output>
        UploadChunk: MessageTypeDefinition<_errand_agent_v1_UploadChunk, _errand_agent_v1_UploadChunk__Output>
        UploadHead: MessageTypeDefinition<_errand_agent_v1_UploadHead, _errand_agent_v1_UploadHead__Output>
        UploadReply: MessageTypeDefinition<_errand_agent_v1_UploadReply, _errand_agent_v1_UploadReply__Output>
        Welcome: MessageTypeDefinition<_errand_agent_v1_Welcome, _errand_agent_v1_Welcome__Output>
      }
    }
  }
}

