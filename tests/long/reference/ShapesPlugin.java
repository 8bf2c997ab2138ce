import java.util.Map;
import org.elasticsearch.index.mapper.GeoShapeFieldMapper;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;

/** The published engine has the type "geo_shape", but the module that makes it known is not published: this stands in for it. */
public class ShapesPlugin extends Plugin implements MapperPlugin {
  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of("geo_shape", new GeoShapeFieldMapper.TypeParser());
  }
}
