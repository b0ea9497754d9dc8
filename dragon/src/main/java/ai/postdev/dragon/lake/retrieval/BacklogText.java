package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.parallel.SharedTasks;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.text.TextView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The ranked text with the documents that are not indexed yet: they are looked through for the words of one request, and the
 * most promising are indexed in memory for it. What is in the index is ranked as always.
 */
final class BacklogText implements AutoCloseable {
    /** Documents that are looked at more closely, as a multiple of what may be indexed. */
    private static final int CLOSER_FACTOR = 6;

    /** Documents that are looked through in one go. */
    private static final int PART_DOCUMENTS = 64;

    private record Promising(Document document, double score) {}

    /** Documents that have something, and what; whether there was no time for others. */
    private record Part(List<Document> documents, List<WordScan.Found> found, boolean late) {}

    private final Optional<TextIndex> versions;
    private final TextView view;

    /**
     * Looks through what the index lacks; costs nothing if that is nothing.
     *
     * @param bytesMax text that is indexed at most
     * @param scans runs scans beside the calling thread
     */
    BacklogText(QueryText query, LakeViews views, Scope scope, long bytesMax, Executor scans, Deadline deadline) {
        TextView present = views.text();
        if (present.backlog().count() == 0) {
            versions = Optional.empty();
            view = present;
            return;
        }
        CodeView code = views.code();
        TextIndex index = TextIndex.inMemory();
        versions = Optional.of(index);
        List<Document> all = new ArrayList<>();
        List<Document> wanted = new ArrayList<>();
        present.backlog().forEach(document -> {
            all.add(document);
            if (scope.holds(document)
                    && code.document(document.workspace(), document.path()).equals(Optional.of(document))) {
                wanted.add(document);
            }
        });
        // The rest of the time is for ranking what is found.
        long until = System.nanoTime() + (deadline.nanos() - System.nanoTime()) / 2;
        Set<String> names = new HashSet<>(query.names());
        names.add(QueryText.lastName(query.text()));
        WordScan words = new WordScan(
                query.terms(),
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet()));
        List<Part> parts = scan(wanted, part -> look(code, part, words, until), scans);
        List<WordScan.Found> found =
                parts.stream().flatMap(part -> part.found().stream()).toList();
        double[] worth = words.worth(found, wanted.size());
        List<Promising> first = new ArrayList<>();
        for (Part part : parts) {
            for (int i = 0; i < part.documents().size(); i++) {
                first.add(new Promising(
                        part.documents().get(i), WordScan.score(part.found().get(i), worth)));
            }
        }
        List<Promising> closer = new ArrayList<>();
        boolean late = code.texts(best(first, CLOSER_FACTOR * bytesMax), (document, text, length) -> {
            closer.add(new Promising(document, words.closer(document.path(), text, length, worth)));
            return System.nanoTime() - until < 0;
        });
        if (late || parts.stream().anyMatch(Part::late)) {
            deadline.lacks("ranked text: " + wanted.size()
                    + " files are not indexed yet, and there was no time to look at all of them");
        }
        for (Document document : best(closer, bytesMax)) {
            code.text(document.hash()).ifPresent(utf8 -> index.documentFirstPut(document, utf8));
        }
        index.refresh(0);
        view = present.replacing(index.current(), all);
    }

    private static Part look(CodeView code, List<Document> documents, WordScan words, long until) {
        List<Document> having = new ArrayList<>();
        List<WordScan.Found> found = new ArrayList<>();
        boolean late = code.texts(documents, (document, text, length) -> {
            WordScan.Found here = words.look(document.path(), text, length);
            if (!here.isNothing()) {
                having.add(document);
                found.add(here);
            }
            return System.nanoTime() - until < 0;
        });
        return new Part(having, found, late);
    }

    /** Only what the other thread has begun is waited for. */
    private static List<Part> scan(List<Document> documents, Function<List<Document>, Part> look, Executor scans) {
        List<Callable<Part>> calls = new ArrayList<>();
        for (int from = 0; from < documents.size(); from += PART_DOCUMENTS) {
            List<Document> part = documents.subList(from, Math.min(documents.size(), from + PART_DOCUMENTS));
            calls.add(() -> look.apply(part));
        }
        List<Part> parts = new ArrayList<>();
        for (FutureTask<Part> task : SharedTasks.run(calls, scans)) {
            try {
                parts.add(task.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                parts.add(new Part(List.of(), List.of(), true));
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "texts that are not indexed yet could not be looked through", e.getCause());
            }
        }
        return parts;
    }

    private static List<Document> best(List<Promising> all, long bytesMax) {
        List<Document> best = new ArrayList<>();
        all.sort(Comparator.comparingDouble(Promising::score).reversed());
        long bytes = 0;
        for (Promising next : all) {
            bytes += next.document().size();
            if (bytes > bytesMax && !best.isEmpty()) {
                break;
            }
            best.add(next.document());
        }
        return best;
    }

    TextView view() {
        return view;
    }

    @Override
    public void close() {
        versions.ifPresent(TextIndex::close);
    }
}
