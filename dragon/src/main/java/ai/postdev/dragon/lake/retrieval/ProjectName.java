package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.metadata.MetadataView;
import java.util.Map;

/** What a person calls a project. Pure. */
public final class ProjectName {
    private static final String PREFIX = "workspace/";
    private static final String NAME = "/name";

    private ProjectName() {}

    /** The name that one of its folders was given, the first in order of their ids; the id where none has a name. */
    public static String of(ProjectId project, MetadataView metadata) {
        return metadata.settings().entrySet().stream()
                .filter(setting -> setting.getKey().startsWith(PREFIX)
                        && setting.getKey().endsWith(NAME)
                        && !setting.getValue().isBlank())
                .min(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .orElse(project.value());
    }
}
