// Accessors of what a driver keeps with a device: by the one-line bodies in the headers of 6.1 and 6.12.

// source: include/drm/drm_mipi_dsi.h
void *mipi_dsi_get_drvdata(const struct mipi_dsi_device *dsi) /* gives field device.driver_data */;
void mipi_dsi_set_drvdata(struct mipi_dsi_device *dsi, void *data /* into device.driver_data */);

// source: include/linux/arm_ffa.h
void *ffa_dev_get_drvdata(struct ffa_device *fdev) /* gives field device.driver_data */;
void ffa_dev_set_drvdata(struct ffa_device *fdev, void *data /* into device.driver_data */);

// source: include/linux/auxiliary_bus.h
void *auxiliary_get_drvdata(struct auxiliary_device *auxdev) /* gives field device.driver_data */;
void auxiliary_set_drvdata(struct auxiliary_device *auxdev, void *data /* into device.driver_data */);

// source: include/linux/backlight.h
void *bl_get_data(struct backlight_device *bl_dev) /* gives field device.driver_data */;

// source: include/linux/bcma/bcma.h
void *bcma_get_drvdata(struct bcma_device *core) /* gives field bcma_device.drvdata */;
void bcma_set_drvdata(struct bcma_device *core, void *drvdata /* into bcma_device.drvdata */);

// source: include/linux/device.h
void *dev_get_drvdata(const struct device *dev) /* gives field device.driver_data */;
void dev_set_drvdata(struct device *dev, void *data /* into device.driver_data */);

// source: include/linux/dio.h
void *dio_get_drvdata(struct dio_dev *d) /* gives field device.driver_data */;
void dio_set_drvdata(struct dio_dev *d, void *data /* into device.driver_data */);

// source: include/linux/eisa.h
void *eisa_get_drvdata(struct eisa_device *edev) /* gives field device.driver_data */;
void eisa_set_drvdata(struct eisa_device *edev, void *data /* into device.driver_data */);

// source: include/linux/gameport.h
void *gameport_get_drvdata(struct gameport *gameport) /* gives field device.driver_data */;
void gameport_set_drvdata(struct gameport *gameport, void *data /* into device.driver_data */);

// source: include/linux/gnss.h
void *gnss_get_drvdata(struct gnss_device *gdev) /* gives field device.driver_data */;
void gnss_set_drvdata(struct gnss_device *gdev, void *data /* into device.driver_data */);

// source: include/linux/greybus.h
void *greybus_get_drvdata(struct gb_bundle *bundle) /* gives field device.driver_data */;
void greybus_set_drvdata(struct gb_bundle *bundle, void *data /* into device.driver_data */);

// source: include/linux/greybus/connection.h
void *gb_connection_get_data(struct gb_connection *connection) /* gives field gb_connection.private */;
void gb_connection_set_data(struct gb_connection *connection, void *data /* into gb_connection.private */);

// source: include/linux/greybus/operation.h
void *gb_operation_get_data(struct gb_operation *operation) /* gives field gb_operation.private */;
void gb_operation_set_data(struct gb_operation *operation, void *data /* into gb_operation.private */);

// source: include/linux/hid.h
void *hid_get_drvdata(struct hid_device *hdev) /* gives field device.driver_data */;
void hid_set_drvdata(struct hid_device *hdev, void *data /* into device.driver_data */);

// source: include/linux/hsi/hsi.h
void *hsi_client_drvdata(struct hsi_client *cl) /* gives field device.driver_data */;
void hsi_client_set_drvdata(struct hsi_client *cl, void *data /* into device.driver_data */);
void *hsi_controller_drvdata(struct hsi_controller *hsi) /* gives field device.driver_data */;
void hsi_controller_set_drvdata(struct hsi_controller *hsi, void *data /* into device.driver_data */);
void *hsi_port_drvdata(struct hsi_port *port) /* gives field device.driver_data */;
void hsi_port_set_drvdata(struct hsi_port *port, void *data /* into device.driver_data */);

// source: include/linux/hyperv.h
void *get_per_channel_state(struct vmbus_channel *c) /* gives field vmbus_channel.per_channel_state */;
void *hv_get_drvdata(struct hv_device *dev) /* gives field device.driver_data */;
void hv_set_drvdata(struct hv_device *dev, void *data /* into device.driver_data */);
void set_per_channel_state(struct vmbus_channel *c, void *s /* into vmbus_channel.per_channel_state */);

// source: include/linux/i2c.h
void *i2c_get_adapdata(const struct i2c_adapter *adap) /* gives field device.driver_data */;
void *i2c_get_clientdata(const struct i2c_client *client) /* gives field device.driver_data */;
void i2c_set_adapdata(struct i2c_adapter *adap, void *data /* into device.driver_data */);
void i2c_set_clientdata(struct i2c_client *client, void *data /* into device.driver_data */);

// source: include/linux/iio/iio.h
void *iio_device_get_drvdata(const struct iio_dev *indio_dev) /* gives field device.driver_data */;
void iio_device_set_drvdata(struct iio_dev *indio_dev, void *data /* into device.driver_data */);

// source: include/linux/iio/trigger.h
void *iio_trigger_get_drvdata(struct iio_trigger *trig) /* gives field device.driver_data */;
void iio_trigger_set_drvdata(struct iio_trigger *trig, void *data /* into device.driver_data */);

// source: include/linux/input.h
void *input_get_drvdata(struct input_dev *dev) /* gives field device.driver_data */;
void input_set_drvdata(struct input_dev *dev, void *data /* into device.driver_data */);

// source: include/linux/lcd.h
void *lcd_get_data(struct lcd_device *ld_dev) /* gives field device.driver_data */;

// source: include/linux/mcb.h
void *mcb_get_drvdata(struct mcb_device *dev) /* gives field device.driver_data */;
void mcb_set_drvdata(struct mcb_device *dev, void *data /* into device.driver_data */);

// source: include/linux/mdio.h
void *mdiodev_get_drvdata(struct mdio_device *mdio) /* gives field device.driver_data */;
void mdiodev_set_drvdata(struct mdio_device *mdio, void *data /* into device.driver_data */);

// source: include/linux/memstick.h
void *memstick_get_drvdata(struct memstick_dev *card) /* gives field device.driver_data */;
void memstick_set_drvdata(struct memstick_dev *card, void *data /* into device.driver_data */);

// source: include/linux/mtd/rawnand.h
void *nand_get_controller_data(struct nand_chip *chip) /* gives field nand_chip.priv */;
void nand_set_controller_data(struct nand_chip *chip, void *priv /* into nand_chip.priv */);

// source: include/linux/nubus.h
void *nubus_get_drvdata(struct nubus_board *board) /* gives field device.driver_data */;
void nubus_set_drvdata(struct nubus_board *board, void *data /* into device.driver_data */);

// source: include/linux/pci-epc.h
void *epc_get_drvdata(struct pci_epc *epc) /* gives field device.driver_data */;
void epc_set_drvdata(struct pci_epc *epc, void *data /* into device.driver_data */);

// source: include/linux/pci-epf.h
void *epf_get_drvdata(struct pci_epf *epf) /* gives field device.driver_data */;
void epf_set_drvdata(struct pci_epf *epf, void *data /* into device.driver_data */);

// source: include/linux/pci.h
void *pci_get_drvdata(struct pci_dev *pdev) /* gives field device.driver_data */;
void pci_set_drvdata(struct pci_dev *pdev, void *data /* into device.driver_data */);

// source: include/linux/phy/phy.h
void *phy_get_drvdata(struct phy *phy) /* gives field device.driver_data */;
void phy_set_drvdata(struct phy *phy, void *data /* into device.driver_data */);

// source: include/linux/platform_device.h
void *platform_get_drvdata(const struct platform_device *pdev) /* gives field device.driver_data */;
void platform_set_drvdata(struct platform_device *pdev, void *data /* into device.driver_data */);

// source: include/linux/pnp.h
void *pnp_get_card_drvdata(struct pnp_card_link *pcard) /* gives field pnp_card_link.driver_data */;
void *pnp_get_drvdata(struct pnp_dev *pdev) /* gives field device.driver_data */;
void pnp_set_card_drvdata(struct pnp_card_link *pcard, void *data /* into pnp_card_link.driver_data */);
void pnp_set_drvdata(struct pnp_dev *pdev, void *data /* into device.driver_data */);

// source: include/linux/rio_drv.h
void *rio_get_drvdata(struct rio_dev *rdev) /* gives field device.driver_data */;
void rio_set_drvdata(struct rio_dev *rdev, void *data /* into device.driver_data */);

// source: include/linux/serdev.h
void serdev_controller_set_drvdata(struct serdev_controller *ctrl, void *data /* into device.driver_data */);
void *serdev_device_get_drvdata(const struct serdev_device *serdev) /* gives field device.driver_data */;
void serdev_device_set_drvdata(struct serdev_device *serdev, void *data /* into device.driver_data */);

// source: include/linux/serio.h
void *serio_get_drvdata(struct serio *serio) /* gives field device.driver_data */;
void serio_set_drvdata(struct serio *serio, void *data /* into device.driver_data */);

// source: include/linux/slimbus.h
void *slim_get_devicedata(const struct slim_device *dev) /* gives field device.driver_data */;
void slim_set_devicedata(struct slim_device *dev, void *data /* into device.driver_data */);

// source: include/linux/spi/spi-mem.h
void *spi_mem_get_drvdata(struct spi_mem *mem) /* gives field spi_mem.drvpriv */;
void spi_mem_set_drvdata(struct spi_mem *mem, void *data /* into spi_mem.drvpriv */);

// source: include/linux/spi/spi.h
void *spi_controller_get_devdata(struct spi_controller *ctlr) /* gives field device.driver_data */;
void spi_controller_set_devdata(struct spi_controller *ctlr, void *data /* into device.driver_data */);
void *spi_get_ctldata(const struct spi_device *spi) /* gives field spi_device.controller_state */;
void *spi_get_drvdata(const struct spi_device *spi) /* gives field device.driver_data */;
void spi_set_ctldata(struct spi_device *spi, void *state /* into spi_device.controller_state */);
void spi_set_drvdata(struct spi_device *spi, void *data /* into device.driver_data */);

// source: include/linux/spmi.h
void *spmi_controller_get_drvdata(const struct spmi_controller *ctrl) /* gives field device.driver_data */;
void spmi_controller_set_drvdata(struct spmi_controller *ctrl, void *data /* into device.driver_data */);
void *spmi_device_get_drvdata(const struct spmi_device *sdev) /* gives field device.driver_data */;
void spmi_device_set_drvdata(struct spmi_device *sdev, void *data /* into device.driver_data */);

// source: include/linux/ssb/ssb.h
void *ssb_get_drvdata(struct ssb_device *dev) /* gives field ssb_device.drvdata */;
void ssb_set_drvdata(struct ssb_device *dev, void *data /* into ssb_device.drvdata */);

// source: include/linux/sunxi-rsb.h
void *sunxi_rsb_device_get_drvdata(const struct sunxi_rsb_device *rdev) /* gives field device.driver_data */;
void sunxi_rsb_device_set_drvdata(struct sunxi_rsb_device *rdev, void *data /* into device.driver_data */);

// source: include/linux/surface_aggregator/device.h
void *ssam_device_get_drvdata(struct ssam_device *sdev) /* gives field device.driver_data */;
void ssam_device_set_drvdata(struct ssam_device *sdev, void *data /* into device.driver_data */);

// source: include/linux/thunderbolt.h
void *tb_service_get_drvdata(const struct tb_service *svc) /* gives field device.driver_data */;
void tb_service_set_drvdata(struct tb_service *svc, void *data /* into device.driver_data */);

// source: include/linux/tifm.h
void *tifm_get_drvdata(struct tifm_dev *dev) /* gives field device.driver_data */;
void tifm_set_drvdata(struct tifm_dev *dev, void *data /* into device.driver_data */);

// source: include/linux/ulpi/driver.h
void *ulpi_get_drvdata(struct ulpi *ulpi) /* gives field device.driver_data */;
void ulpi_set_drvdata(struct ulpi *ulpi, void *data /* into device.driver_data */);

// source: include/linux/usb.h
void *usb_get_intfdata(struct usb_interface *intf) /* gives field device.driver_data */;
void usb_set_intfdata(struct usb_interface *intf, void *data /* into device.driver_data */);

// source: include/linux/usb/gadget.h
void *get_gadget_data(struct usb_gadget *gadget) /* gives field device.driver_data */;
void set_gadget_data(struct usb_gadget *gadget, void *data /* into device.driver_data */);

// source: include/linux/usb/serial.h
void *usb_get_serial_data(struct usb_serial *serial) /* gives field usb_serial.private */;
void *usb_get_serial_port_data(struct usb_serial_port *port) /* gives field device.driver_data */;
void usb_set_serial_data(struct usb_serial *serial, void *data /* into usb_serial.private */);
void usb_set_serial_port_data(struct usb_serial_port *port, void *data /* into device.driver_data */);

// source: include/linux/usb/typec_altmode.h
void *typec_altmode_get_drvdata(struct typec_altmode *altmode) /* gives field device.driver_data */;
void typec_altmode_set_drvdata(struct typec_altmode *altmode, void *data /* into device.driver_data */);

// source: include/linux/vdpa.h
void *vdpa_get_drvdata(const struct vdpa_device *vdev) /* gives field device.driver_data */;
void vdpa_set_drvdata(struct vdpa_device *vdev, void *data /* into device.driver_data */);

// source: include/linux/watchdog.h
void *watchdog_get_drvdata(struct watchdog_device *wdd) /* gives field watchdog_device.driver_data */;
void watchdog_set_drvdata(struct watchdog_device *wdd, void *data /* into watchdog_device.driver_data */);

// source: include/linux/zorro.h
void *zorro_get_drvdata(struct zorro_dev *z) /* gives field device.driver_data */;
void zorro_set_drvdata(struct zorro_dev *z, void *data /* into device.driver_data */);

// source: include/media/v4l2-dev.h
void *video_drvdata(struct file *file) /* gives field device.driver_data */;
void *video_get_drvdata(struct video_device *vdev) /* gives field device.driver_data */;
void video_set_drvdata(struct video_device *vdev, void *data /* into device.driver_data */);

// source: include/media/v4l2-subdev.h
void *v4l2_get_subdev_hostdata(const struct v4l2_subdev *sd) /* gives field v4l2_subdev.host_priv */;
void *v4l2_get_subdevdata(const struct v4l2_subdev *sd) /* gives field v4l2_subdev.dev_priv */;
void v4l2_set_subdev_hostdata(struct v4l2_subdev *sd, void *p /* into v4l2_subdev.host_priv */);
void v4l2_set_subdevdata(struct v4l2_subdev *sd, void *p /* into v4l2_subdev.dev_priv */);

// source: include/net/bluetooth/hci_core.h
void *hci_get_drvdata(struct hci_dev *hdev) /* gives field device.driver_data */;
void hci_set_drvdata(struct hci_dev *hdev, void *data /* into device.driver_data */);

// source: include/net/nfc/digital.h
void *nfc_digital_get_drvdata(struct nfc_digital_dev *dev) /* gives field nfc_digital_dev.driver_data */;
void nfc_digital_set_drvdata(struct nfc_digital_dev *dev, void *data /* into nfc_digital_dev.driver_data */);

// source: include/net/nfc/nci_core.h
void *nci_get_drvdata(struct nci_dev *ndev) /* gives field nci_dev.driver_data */;
void nci_set_drvdata(struct nci_dev *ndev, void *data /* into nci_dev.driver_data */);

// source: include/net/nfc/nfc.h
void *nfc_get_drvdata(const struct nfc_dev *dev) /* gives field device.driver_data */;
void nfc_set_drvdata(struct nfc_dev *dev, void *data /* into device.driver_data */);

// source: include/sound/ac97/codec.h
void *ac97_get_drvdata(struct ac97_codec_device *adev) /* gives field device.driver_data */;
void ac97_set_drvdata(struct ac97_codec_device *adev, void *data /* into device.driver_data */);

// source: include/sound/soc-card.h
void *snd_soc_card_get_drvdata(struct snd_soc_card *card) /* gives field snd_soc_card.drvdata */;
void snd_soc_card_set_drvdata(struct snd_soc_card *card, void *data /* into snd_soc_card.drvdata */);

// source: include/sound/soc-component.h
void *snd_soc_component_get_drvdata(struct snd_soc_component *c) /* gives field device.driver_data */;
void snd_soc_component_set_drvdata(struct snd_soc_component *c, void *data /* into device.driver_data */);

// source: include/sound/soc-dai.h
void *snd_soc_dai_get_drvdata(struct snd_soc_dai *dai) /* gives field device.driver_data */;
void snd_soc_dai_set_drvdata(struct snd_soc_dai *dai, void *data /* into device.driver_data */);
