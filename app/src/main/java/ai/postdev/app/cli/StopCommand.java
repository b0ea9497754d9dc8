package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.StopAnswer;
import ai.postdev.v1.StopRequest;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code stop}: asks the node to end and waits until its process is gone. */
final class StopCommand {
    private static final long END_SECONDS_MAX = 60;

    private StopCommand() {}

    static int run(Arguments arguments, NodeClient client, Terminal terminal) throws ClientFault {
        StopAnswer answer = client.stop(StopRequest.getDefaultInstance());
        Optional<ProcessHandle> process = ProcessHandle.of(answer.getPid());
        try {
            if (process.isPresent()) {
                process.get().onExit().get(END_SECONDS_MAX, TimeUnit.SECONDS);
            }
        } catch (TimeoutException _) {
            throw new ClientFault(
                    FaultCode.DEADLINE_EXCEEDED,
                    "the node (pid " + answer.getPid() + ") has not ended after " + END_SECONDS_MAX
                            + " s; its log says what it waits for");
        } catch (ExecutionException e) {
            throw new ClientFault(FaultCode.INTERNAL, "the end of the node cannot be watched: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClientFault(FaultCode.CANCELLED, "interrupted; the node is ending");
        }
        terminal.out()
                .println(
                        arguments.has("--json")
                                ? ProtoJson.line(answer)
                                : "stopped the node (pid " + answer.getPid() + ")");
        return Exit.DONE;
    }
}
