package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the projects that a caller means: by id, by a prefix of the id, by name, by the name or path of a checkout's
 * folder; nothing means all.
 */
final class ProjectSelector {
    /** Fewer characters of an id are too easily a name or a typing error. */
    static final int PREFIX_CHARS_MIN = 4;

    private final List<KnownProject> known;

    ProjectSelector(List<KnownProject> known) {
        this.known = List.copyOf(known);
    }

    /**
     * The projects that {@code selector} names, each once.
     *
     * @throws DoorFault if there is none, or if a name or prefix means several
     */
    Map<ProjectId, String> resolve(String selector) {
        if (known.isEmpty()) {
            throw new DoorFault(FaultCode.NOT_FOUND, "no project is remembered yet; add one with: postdevai up PATH");
        }
        if (selector.isBlank()) {
            return byId(known);
        }
        List<Predicate<KnownProject>> ways = List.of(
                row -> row.id().value().equals(selector),
                row -> row.root().equals(withoutSlash(selector)),
                row -> row.name().equals(selector) || folder(row).equals(selector),
                row -> selector.length() >= PREFIX_CHARS_MIN && row.id().value().startsWith(selector));
        for (Predicate<KnownProject> way : ways) {
            Map<ProjectId, String> found = byId(known.stream().filter(way).toList());
            if (found.size() == 1) {
                return found;
            }
            if (found.size() > 1) {
                throw new DoorFault(
                        FaultCode.INVALID_ARGUMENT,
                        "'" + selector + "' means several projects: " + names(found)
                                + "; give the id or the path of the root");
            }
        }
        requireOpened();
        throw new DoorFault(
                FaultCode.NOT_FOUND, "no project is called '" + selector + "'; remembered are: " + names(byId(known)));
    }

    /** Exactly one project. */
    ProjectId one(String selector) {
        Map<ProjectId, String> found = resolve(selector);
        if (found.size() > 1) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT, "several projects are remembered: " + names(found) + "; name one");
        }
        return found.keySet().iterator().next();
    }

    /** The workspace whose root holds {@code path}; the innermost if one lies in another. */
    Optional<KnownProject> holding(String path) {
        try {
            Path wanted = Path.of(path).normalize();
            return known.stream()
                    .filter(row -> !row.root().isEmpty() && wanted.startsWith(Path.of(row.root())))
                    .max(Comparator.comparingInt(row -> row.root().length()));
        } catch (InvalidPathException e) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "'" + path + "' is no path: " + e.getReason());
        }
    }

    /**
     * A file and the projects that may hold it.
     *
     * @param path relative to the roots of the projects
     */
    record NamedFile(Map<ProjectId, String> projects, String path) {}

    /**
     * The file that a caller means: an absolute path lies in one project, a relative one in any that {@code selector} names.
     *
     * @throws DoorFault if there is no path or no such project
     */
    NamedFile file(String path, String selector) {
        if (path.isBlank()) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, "the path must not be empty");
        }
        if (!path.startsWith("/")) {
            return new NamedFile(resolve(selector), path);
        }
        KnownProject holder = holding(path).orElseThrow(() -> outside(path));
        return new NamedFile(Map.of(holder.id(), holder.name()), relative(holder, path));
    }

    /** What to tell of a path that {@link #holding} does not find. */
    DoorFault outside(String path) {
        requireOpened();
        return new DoorFault(
                FaultCode.NOT_FOUND, "'" + path + "' lies in no remembered project; see: postdevai projects");
    }

    /**
     * A project is known from the first moment of a node, its name and folders once its lake is open. Until then nobody
     * can say that it is not the one that was meant.
     */
    private void requireOpened() {
        List<KnownProject> opening =
                known.stream().filter(row -> row.root().isEmpty()).toList();
        if (!opening.isEmpty()) {
            throw new DoorFault(
                    FaultCode.UNAVAILABLE,
                    "the node is still opening what it remembers: " + names(byId(opening)) + "; try again in a moment");
        }
    }

    /** {@code path} below the root of {@code project}, with {@code /} between names. */
    static String relative(KnownProject project, String path) {
        return Path.of(project.root())
                .relativize(Path.of(path).normalize())
                .toString()
                .replace('\\', '/');
    }

    /** A second checkout shares its project's id and has a name of its own only through its folder. */
    private static String folder(KnownProject row) {
        return row.root()
                .substring(Math.max(row.root().lastIndexOf('/'), row.root().lastIndexOf('\\')) + 1);
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static Map<ProjectId, String> byId(List<KnownProject> rows) {
        Map<ProjectId, String> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.putIfAbsent(row.id(), row.name()));
        return byId;
    }

    private static String names(Map<ProjectId, String> projects) {
        return projects.entrySet().stream()
                .map(entry -> entry.getValue() + " ("
                        + entry.getKey()
                                .value()
                                .substring(
                                        0, Math.min(12, entry.getKey().value().length())) + ")")
                .collect(Collectors.joining(", "));
    }
}
