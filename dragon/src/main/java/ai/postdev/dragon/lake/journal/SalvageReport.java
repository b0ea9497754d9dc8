package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ProjectId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a salvage brought back.
 *
 * @param projects for each what could and what could not be read; the caller rebuilds what can be derived. Operations
 *     after the last readable one of an origin are gone without a trace, and so is an origin of which nothing is
 *     readable
 * @param aside where the damaged files were moved
 */
public record SalvageReport(Map<ProjectId, RepairReport> projects, Path aside) {
    public SalvageReport {
        projects = Collections.unmodifiableMap(new TreeMap<>(projects));
    }
}
