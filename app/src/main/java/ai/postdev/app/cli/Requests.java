package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.VersionsRequest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Makes requests of arguments. */
final class Requests {
    private Requests() {}

    static SearchRequest search(Arguments arguments, String query) throws ClientFault {
        return SearchRequest.newBuilder()
                .setQuery(query)
                .setProject(project(arguments))
                .setPath(arguments.value("--path"))
                .setLanguage(arguments.value("--lang"))
                .setMode(arguments.value("--mode"))
                .setAt(arguments.value("--at"))
                .setLimit(arguments.count("--limit"))
                .build();
    }

    static RecallRequest recall(Arguments arguments, String text) throws ClientFault {
        return RecallRequest.newBuilder()
                .setText(text)
                .setProject(project(arguments))
                .setLimit(arguments.count("--limit"))
                .build();
    }

    static RememberRequest remember(Arguments arguments, Path cwd, String text) {
        return RememberRequest.newBuilder()
                .setText(text)
                .setProject(project(arguments))
                .setPath(onDisk(cwd, arguments.value("--path")))
                .setCwd(cwd.toString())
                .build();
    }

    static RelatedRequest related(Arguments arguments, Path cwd) throws ClientFault {
        String target = arguments.text();
        int colon = target.lastIndexOf(':');
        boolean line = colon > 0 && target.substring(colon + 1).matches("\\d+");
        String path = line ? target.substring(0, colon) : target;
        return RelatedRequest.newBuilder()
                .setTarget(onDisk(cwd, path) + (line ? target.substring(colon) : ""))
                .setTo(onDisk(cwd, arguments.value("--to")))
                .setProject(project(arguments))
                .setLimit(arguments.count("--limit"))
                .build();
    }

    static PinRequest pin(Arguments arguments, Path cwd) {
        return PinRequest.newBuilder()
                .setEvent(arguments.text())
                .setProject(project(arguments))
                .setCwd(cwd.toString())
                .setUnpin(arguments.verb().name().equals("unpin"))
                .build();
    }

    static ShowRequest show(Arguments arguments, String path) {
        return ShowRequest.newBuilder()
                .setPath(path)
                .setProject(project(arguments))
                .setAt(arguments.value("--at"))
                .build();
    }

    static ContextRequest context(Arguments arguments, String question, String path) throws ClientFault {
        if (arguments.has("--line") && path.isEmpty()) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "--line needs --file PATH");
        }
        return ContextRequest.newBuilder()
                .setQuery(question)
                .setPath(path)
                .setLine(arguments.count("--line"))
                .setTokens(arguments.count("--tokens"))
                .setProject(project(arguments))
                .build();
    }

    static DiffRequest diff(Arguments arguments, String path) {
        return DiffRequest.newBuilder()
                .setPath(path)
                .setProject(project(arguments))
                .setFrom(arguments.value("--from"))
                .setTo(arguments.value("--to"))
                .build();
    }

    static void checkVersions(Arguments arguments) throws ClientFault {
        if (arguments.value("--path").isEmpty()) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "--versions needs --path PATH, the file that is meant");
        }
        for (String other : List.of("--since", "--until", "--kind", "--text")) {
            if (arguments.has(other)) {
                throw new ClientFault(
                        FaultCode.INVALID_ARGUMENT,
                        other + " chooses events; --versions lists versions of a file, at most --limit of them");
            }
        }
    }

    static VersionsRequest versions(Arguments arguments, String path) throws ClientFault {
        return VersionsRequest.newBuilder()
                .setPath(path)
                .setProject(project(arguments))
                .setLimit(arguments.count("--limit"))
                .build();
    }

    static TimelineRequest timeline(Arguments arguments, Path cwd) throws ClientFault {
        return TimelineRequest.newBuilder()
                .setProject(project(arguments))
                .setSince(arguments.value("--since"))
                .setUntil(arguments.value("--until"))
                .setKind(arguments.value("--kind"))
                .setPath(onDisk(cwd, arguments.value("--path")))
                .setText(arguments.value("--text"))
                .setLimit(arguments.count("--limit"))
                .build();
    }

    private static String project(Arguments arguments) {
        return arguments.value("--project");
    }

    /** {@code text} as an absolute path if it names something that exists from here, else as it is. */
    static String onDisk(Path cwd, String text) {
        if (text.isEmpty()) {
            return text;
        }
        try {
            Path path = cwd.resolve(text).normalize();
            return Files.exists(path) ? path.toString() : text;
        } catch (InvalidPathException _) {
            // A symbol or a note that no path can look like.
            return text;
        }
    }

    static LakeRequest lake(Arguments arguments) throws ClientFault {
        LakeRequest.Builder request = LakeRequest.newBuilder();
        if (arguments.has("--budget")) {
            request.setBudgetBytes(ByteSize.parse(arguments.value("--budget")));
        }
        if (arguments.has("--shares")) {
            for (String share : arguments.value("--shares").split(",", -1)) {
                String[] sides = share.split("=", -1);
                if (sides.length != 2 || !sides[1].strip().matches("\\d{1,3}")) {
                    throw new ClientFault(
                            FaultCode.INVALID_ARGUMENT,
                            "shares are written as vector=30,code=40,history=20,metadata=10, found '" + share + "'");
                }
                request.putShares(sides[0].strip(), Integer.parseInt(sides[1].strip()));
            }
        }
        return request.build();
    }
}
