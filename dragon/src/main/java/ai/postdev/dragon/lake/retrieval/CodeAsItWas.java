package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.text.LineDiff;
import ai.postdev.actors.text.UnifiedDiff;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.code.DocumentVersion;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.v1.CodeThen;
import ai.postdev.v1.Hunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows the code that an event names as it was when the event happened, and what the change that most likely mended it
 * made of those lines. It knows only what the lake saw: of a file that was first read later it shows nothing. Any thread;
 * reads stored texts.
 */
final class CodeAsItWas {
    /** Names of an event that are looked for; a long stack trace names many files that are none of the project. */
    private static final int NAMES_MAX = 6;

    /** A commit is dated by the second: what was saved in the same second is in it. */
    private static final long COMMIT_SECOND_MILLIS = 1_000;

    private static final int LINE_CHARACTERS_MAX = 240;

    private final LakeViews views;
    private final RecallSettings settings;
    private final NamedFiles files;

    CodeAsItWas(LakeViews views, RecallSettings settings, NamedFiles files) {
        this.views = views;
        this.settings = settings;
        this.files = files;
    }

    /** A file in one workspace: what it held at a moment, and what after it. */
    private record Versions(WorkspaceId workspace, String path, DocumentVersion then, Optional<DocumentVersion> next) {}

    /** @param mended the change that most likely made the event go away */
    List<CodeThen> of(HistoryEvent event, Optional<HistoryEvent> mended) {
        List<CodeThen> shown = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (Map.Entry<String, Integer> place : CodePlaces.in(event, NAMES_MAX).entrySet()) {
            if (shown.size() == settings.codeFiles()) {
                break;
            }
            Optional<Versions> versions = versions(place.getKey(), event, mended);
            if (versions.isPresent() && !told.contains(versions.get().path())) {
                told.add(versions.get().path());
                shown(versions.get(), place.getValue()).ifPresent(shown::add);
            }
        }
        return shown;
    }

    private Optional<Versions> versions(String name, HistoryEvent event, Optional<HistoryEvent> mended) {
        Optional<Versions> exact = ofPath(name, event, mended);
        return exact.isPresent() ? exact : files.path(name).flatMap(path -> ofPath(path, event, mended));
    }

    private Optional<Versions> ofPath(String path, HistoryEvent event, Optional<HistoryEvent> mended) {
        for (WorkspaceId workspace : views.code().workspaces()) {
            List<DocumentVersion> history = views.code().history(workspace, path);
            int then = newestAt(history, event.timeMillis());
            if (then >= 0 && history.get(then).document().isPresent()) {
                return Optional.of(new Versions(
                        workspace,
                        path,
                        history.get(then),
                        mended.flatMap(change -> next(history, then, path, change))));
            }
        }
        return Optional.empty();
    }

    /**
     * What the file held once the change was there; a change that came from elsewhere, such as a pulled commit, reached
     * the file only with the version after.
     */
    private static Optional<DocumentVersion> next(
            List<DocumentVersion> history, int then, String path, HistoryEvent change) {
        int at = newestAt(history, change.timeMillis() + COMMIT_SECOND_MILLIS);
        if (at > then && !sameText(history.get(at), history.get(then))) {
            return Optional.of(history.get(at));
        }
        return change.paths().contains(path)
                ? history.subList(Math.max(at, then) + 1, history.size()).stream()
                        .filter(version -> !sameText(version, history.get(then)))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean sameText(DocumentVersion one, DocumentVersion other) {
        return one.document().map(Document::hash).equals(other.document().map(Document::hash));
    }

    /** The last version that had been recorded by a time; -1 if there is none. */
    private static int newestAt(List<DocumentVersion> history, long millis) {
        int at = history.size() - 1;
        while (at >= 0 && history.get(at).time().millis() > millis) {
            at--;
        }
        return at;
    }

    private Optional<CodeThen> shown(Versions versions, int line) {
        Document document = versions.then().document().orElseThrow();
        Optional<String> before = text(document);
        Optional<String> after = versions.next()
                .flatMap(next -> next.document().isEmpty()
                        ? Optional.of("")
                        : next.document().flatMap(this::text));
        if (before.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = before.get().lines().toList();
        List<Hunk> hunks = after.map(text -> UnifiedDiff.hunks(LineDiff.of(before.get(), text)))
                .orElse(List.of());
        boolean named = line > 0 && line <= lines.size();
        Optional<Hunk> nearest = hunks.stream().min(Comparator.comparingInt(hunk -> named ? distance(hunk, line) : 0));
        if (!named && nearest.isEmpty()) {
            return Optional.empty(); // nothing says which lines matter
        }
        int middle = named ? line : nearest.get().getOldStart() + nearest.get().getOldLines() / 2;
        int start = Math.max(1, Math.min(middle - settings.codeLines() / 2, lines.size() - settings.codeLines() + 1));
        int end = Math.min(lines.size(), start + settings.codeLines() - 1);
        CodeThen.Builder shown = CodeThen.newBuilder()
                .setPath(versions.path())
                .setLine(named ? line : 0)
                .setStartLine(start)
                .setEndLine(end)
                .setText(lines.subList(start - 1, end).stream()
                        .map(CodeAsItWas::cut)
                        .collect(Collectors.joining("\n")))
                .setWorkspace(versions.workspace().value())
                .setSequence(versions.then().sequence())
                .setTime(versions.then().time().instant().toString())
                .setLanguage(document.language().id());
        nearest.ifPresent(
                hunk -> change(shown, hunk, hunks.size() > 1, versions.next().orElseThrow(), line));
        return Optional.of(shown.build());
    }

    /** The hunk nearest to the line, cut around its changed lines to the bound. */
    private void change(CodeThen.Builder shown, Hunk hunk, boolean more, DocumentVersion next, int line) {
        List<String> lines = hunk.getLinesList();
        int from = 0;
        int to = lines.size();
        if (to > settings.codeLines()) {
            int old = hunk.getOldStart();
            while (from < lines.size() - settings.codeLines()
                    && (lines.get(from).startsWith(" ") || old < line - settings.codeLines() / 2)) {
                old += lines.get(from).startsWith("+") ? 0 : 1;
                from++;
            }
            to = from + settings.codeLines();
        }
        shown.setChange(UnifiedDiff.head(hunk) + "\n"
                        + lines.subList(from, to).stream().map(CodeAsItWas::cut).collect(Collectors.joining("\n")))
                .setChangedSequence(next.sequence())
                .setChangedTime(next.time().instant().toString())
                .setCut(more || to - from < lines.size());
    }

    private static int distance(Hunk hunk, int line) {
        int end = hunk.getOldStart() + Math.max(0, hunk.getOldLines() - 1);
        return Math.max(0, Math.max(hunk.getOldStart() - line, line - end));
    }

    private Optional<String> text(Document document) {
        return document.size() > settings.codeBytesMax()
                ? Optional.empty()
                : views.code().text(document.hash()).map(utf8 -> new String(utf8, StandardCharsets.UTF_8));
    }

    private static String cut(String line) {
        return line.length() <= LINE_CHARACTERS_MAX ? line : line.substring(0, LINE_CHARACTERS_MAX) + "…";
    }
}
