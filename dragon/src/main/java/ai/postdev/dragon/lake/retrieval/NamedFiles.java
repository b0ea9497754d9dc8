package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.Document;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which file of the project a name in a text means; each name is looked for once in an answer. Any thread. */
final class NamedFiles {
    private final LakeViews views;
    private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    NamedFiles(LakeViews views) {
        this.views = views;
    }

    /** The project-relative path. */
    Optional<String> path(String name) {
        return known.computeIfAbsent(name, named -> Targets.file(named, views).map(Document::path));
    }
}
