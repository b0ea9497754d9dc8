package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.JsonLine;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import com.google.protobuf.MessageOrBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The batch mode: one request per line in, one JSON object per line out, in order, flushed at once. A line is a text or
 * a JSON object with the fields of the request; options given on the command line hold for every line that does not say
 * otherwise. A request that fails is an error object, and the next is read.
 */
final class Batch {
    private final NodeClient client;
    private final Terminal terminal;

    Batch(NodeClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** Runs to the end of the input. The exit code is the worst that a line met, or that nothing was found at all. */
    int run(Arguments arguments) throws ClientFault {
        if (!arguments.positional().isEmpty()) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "--stdin reads its requests from standard input; found an argument too");
        }
        int failures = Exit.DONE;
        boolean found = false;
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                String out;
                try {
                    Answer answer = one(arguments, line.strip());
                    found |= answer.found();
                    out = ProtoJson.line(answer.message());
                } catch (ClientFault fault) {
                    failures = Math.max(failures, Exit.of(fault.code()));
                    out = ProtoJson.error(fault);
                }
                terminal.out().println(out);
                if (terminal.out().checkError()) {
                    // The reader closed the pipe: there is nobody left to answer.
                    return failures;
                }
            }
        } catch (IOException e) {
            throw new ClientFault(FaultCode.INTERNAL, "standard input cannot be read: " + e.getMessage());
        }
        return failures == Exit.DONE && !found ? Exit.NOTHING : failures;
    }

    private record Answer(MessageOrBuilder message, boolean found) {}

    private Answer one(Arguments arguments, String line) throws ClientFault {
        boolean object = line.startsWith("{");
        String text = object ? "" : line;
        return switch (arguments.verb().name()) {
            case "search" -> {
                SearchRequest.Builder request = Requests.search(arguments, text).toBuilder();
                if (object) {
                    JsonLine.into(line, request);
                }
                var answer = client.search(request.build());
                yield new Answer(answer, answer.getHitsCount() > 0);
            }
            case "recall" -> {
                RecallRequest.Builder request = Requests.recall(arguments, text).toBuilder();
                if (object) {
                    JsonLine.into(line, request);
                }
                var answer = client.recall(request.build());
                yield new Answer(answer, answer.getEventsCount() > 0);
            }
            case "remember" -> {
                RememberRequest.Builder request = Requests.remember(arguments, terminal.cwd(), text).toBuilder();
                if (object) {
                    JsonLine.into(line, request);
                }
                yield new Answer(client.remember(request.build()), true);
            }
            default ->
                throw new IllegalStateException(
                        "no batch for " + arguments.verb().name());
        };
    }
}
