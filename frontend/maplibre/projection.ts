// Maps are flat: no globe, no projection of others.
import { MercatorCameraHelper } from "../node_modules/maplibre-gl/src/geo/projection/mercator_camera_helper";
import { MercatorProjection } from "../node_modules/maplibre-gl/src/geo/projection/mercator_projection";
import { createMercatorTransform } from "../node_modules/maplibre-gl/src/geo/projection/mercator_transform";

type Options = Parameters<typeof createMercatorTransform>[0];

export function createProjectionFromName(_name: unknown, constrainOverride: NonNullable<Options>["constrainOverride"]) {
  return {
    projection: new MercatorProjection(),
    transform: createMercatorTransform({ constrainOverride }),
    cameraHelper: new MercatorCameraHelper(),
  };
}
